using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>A machine that asks gets what it lacks, page by page.</summary>
public sealed class PullTests : IDisposable
{
    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_pull_opens_the_journal_and_brings_every_account()
    {
        await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        await _world.OpenAccountAsync("ACC0VNT2", 50_00, "0A0B0C0E");

        var part = (await PullAsync(0)).ShouldHaveSingleItem();

        part.Accounts.Select(account => account.AccountId.Value).ShouldBe(["ACC0VNT1", "ACC0VNT2"]);
        (part.Delta, part.More, part.Version, part.FromVersion).ShouldBe((false, false, FeedRow.First, 0L));
        (await _world.Cards.CursorAsync(World.Merchant, World.Machine, _journal.Epoch, CancellationToken.None)).ShouldNotBeNull().Through.ShouldBe(0);
    }

    [Fact]
    public async Task A_merchant_without_accounts_is_pulled_too_and_the_machine_has_a_version_then()
    {
        var part = (await PullAsync(0)).ShouldHaveSingleItem();

        part.Accounts.ShouldBeEmpty();
        (part.Version, part.More).ShouldBe((FeedRow.First, false));
    }

    [Fact]
    public async Task Everything_comes_in_pages_under_the_version_of_the_first_whatever_changes_meanwhile()
    {
        await OpenManyAsync(200);
        var parts = await PullAsync(0, betweenPages: async () =>
        {
            await ChangeAsync("ACC00003");
            await ChangeAsync("ACC00150");
        });

        parts.Count.ShouldBeGreaterThan(2);
        parts.ShouldAllBe(part => part.Version == FeedRow.First && !part.Delta);
        parts.SelectMany(part => part.Accounts).Select(account => account.AccountId.Value).ShouldBe(Enumerable.Range(0, 200).Select(number => $"ACC{number:D5}"));
        _world.Broker.Published.ShouldAllBe(message => message.Payload.ToMemory().Length <= DeviceMessageJson.MaxBytes);
        parts.Take(parts.Count - 1).ShouldAllBe(part => part.Accounts.Count > 20, "pages are full");
    }

    [Fact]
    public async Task A_machine_that_was_away_pulls_what_changed_and_no_more()
    {
        await OpenManyAsync(100);
        await ChangeAsync("ACC00010");
        var has = (await FeedAsync()).Current;
        await ChangeAsync("ACC00020");
        await ChangeAsync("ACC00030");
        await ChangeAsync("ACC00020");

        var part = (await PullAsync(has)).ShouldHaveSingleItem();

        (part.Delta, part.FromVersion, part.Version).ShouldBe((true, has, has + 3));
        part.Accounts.Select(account => account.AccountId.Value).ShouldBe(["ACC00020", "ACC00030"]);
        (await PullAsync(part.Version)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            nothing => nothing.Accounts.ShouldBeEmpty(), nothing => nothing.Version.ShouldBe(part.Version), nothing => nothing.Delta.ShouldBeTrue());
    }

    [Fact]
    public async Task Many_changes_come_in_pages_too()
    {
        await OpenManyAsync(150);
        await ChangeAsync("ACC00000");
        var has = (await FeedAsync()).Current;
        await ChangeAsync([.. Enumerable.Range(0, 90).Select(number => $"ACC{number:D5}")]);
        await ChangeAsync([.. Enumerable.Range(90, 60).Select(number => $"ACC{number:D5}")]);

        var parts = await PullAsync(has, betweenPages: () => ChangeAsync("ACC00001"));

        parts.Count.ShouldBeGreaterThan(1);
        parts.ShouldAllBe(part => part.Delta && part.FromVersion == has && part.Version == parts[0].Version);
        parts.SelectMany(part => part.Accounts).Select(account => account.AccountId.Value).ShouldBe(Enumerable.Range(0, 150).Select(number => $"ACC{number:D5}"));
    }

    [Theory]
    [InlineData("more than 200 versions")]
    [InlineData("more than 7 days")]
    [InlineData("cleared away")]
    [InlineData("newer than the cloud's")]
    public async Task A_version_that_is_too_old_or_unknown_gets_everything(string why)
    {
        await OpenManyAsync(3);
        await ChangeAsync("ACC00000");
        var has = (await FeedAsync()).Current;
        switch (why)
        {
            case "more than 200 versions":
                for (var change = 0; change <= 200; change++)
                    await ChangeAsync("ACC00001");
                break;
            case "more than 7 days":
                await ChangeAsync("ACC00001");
                await _world.PassAsync(TimeSpan.FromDays(7.1));
                await ChangeAsync("ACC00001");
                break;
            case "cleared away":
                await ChangeAsync("ACC00001");
                await _world.Cards.TryWriteAsync(new CardTransaction().Delete(World.Merchant, CardKeys.Log(has + 1)), CancellationToken.None);
                break;
            default:
                has += 5;
                break;
        }

        var part = (await PullAsync(has)).ShouldHaveSingleItem();

        (part.Delta, part.FromVersion).ShouldBe((false, 0L));
        part.Accounts.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_account_that_no_message_can_hold_keeps_no_other_from_the_machine()
    {
        await OpenManyAsync(3);
        var huge = await _world.OpenAccountAsync("ACC0000Z", 1, "0A0BEEEE", account => account with { Purses = [.. Lots(372)] });
        SizedAccount.Of(huge).Bytes.ShouldBeGreaterThan(AccountPages.MaxBytes);

        var parts = await PullAsync(0);

        parts.SelectMany(part => part.Accounts).Select(account => account.AccountId.Value).ShouldBe(["ACC00000", "ACC00001", "ACC00002"]);
    }

    private static IEnumerable<PurseLot> Lots(int count) =>
        Enumerable.Range(0, count).Select(number => new PurseLot($"a-subsidy-whose-name-is-rather-long-{number:D8}", Purse.Subsidy, new Fen(number)));

    private Task<FeedRow> FeedAsync() => _world.Cards.FeedAsync(World.Merchant, CancellationToken.None);

    /// <summary>All pages, as a machine asks for them.</summary>
    private async Task<IReadOnlyList<CardsPart>> PullAsync(long have, Func<Task>? betweenPages = null)
    {
        var parts = new List<CardsPart>();
        do
        {
            var last = parts.LastOrDefault();
            await _world.CardsSayAsync(_journal.Pull(have, last?.Accounts[^1].AccountId, last?.Version));
            _world.Failures.ShouldBeEmpty();
            parts.Add(_world.ToldOfCards().OfType<CardsPart>().Last());
            await (betweenPages?.Invoke() ?? Task.CompletedTask);
        }
        while (parts[^1].More);
        return parts;
    }

    private async Task OpenManyAsync(int count)
    {
        for (var number = 0; number < count; number++)
            await _world.OpenAccountAsync($"ACC{number:D5}", 100_00, $"0A0B{number:D4}", account => account with { Name = "示范食堂员工", Department = "后勤服务中心" });
    }

    /// <summary>A version of the feed that names them.</summary>
    private async Task ChangeAsync(params string[] accounts)
    {
        await _world.Cards.TryWriteAsync(
            new CardTransaction().Insert(new ChangeRow(World.Merchant, Crockford.Random(8), [.. accounts.Select(AccountId.Parse)])), CancellationToken.None);
        await _world.FeedAsync(new(World.Merchant, CardFeedKind.Advance));
    }
}
