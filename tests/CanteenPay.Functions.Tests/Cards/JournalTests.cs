using System.Net;
using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>Journals whose machine was moved, restored or is wrong: no other journal suffers, and nothing is booked twice.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_a_machine_tapped_for_its_old_merchant_is_booked_there_after_it_was_moved()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Pull());
        await _world.MoveAsync(World.Machine, World.OtherMerchant);

        await _world.CardsSayAsync(_journal.Batch());

        _world.LastAck().ShouldSatisfyAllConditions(ack => ack.Through.ShouldBe(1), ack => ack.MerchantId.ShouldBe(World.Merchant));
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(99_00));
        _world.Changes().ShouldBeEmpty();
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        _world.Changes().ShouldHaveSingleItem("its own merchant's machines hear of it");
        _world.Changes(World.OtherMerchant).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_moved_machine_may_begin_a_journal_with_its_old_merchant_where_it_had_one()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        await _world.MoveAsync(World.Machine, World.OtherMerchant);
        var again = new Journal(epoch: "AGA1N000");
        again.Tap(account, 2_00);

        await _world.CardsSayAsync(again.Batch());

        _world.LastAck().ShouldSatisfyAllConditions(ack => ack.Through.ShouldBe(1), ack => ack.Epoch.ShouldBe(Epoch.Parse("AGA1N000")));
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(97_00));
    }

    [Fact]
    public async Task A_batch_for_a_merchant_that_the_machine_never_served_is_kept_for_a_person()
    {
        var stranger = new Journal(merchant: World.OtherMerchant);
        stranger.Tap(await _world.OpenAccountAsync("ACC0VNT1", 100_00, merchant: World.OtherMerchant), 1_00);

        await _world.CardsSayAsync(stranger.Batch());

        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain("has no journal");
        _world.ToldOfCards().ShouldBeEmpty();
        (await _world.AccountAsync(AccountId.Parse("ACC0VNT1"), World.OtherMerchant)).Balance.ShouldBe(new Fen(100_00));
        (await _world.Cards.CursorsAsync(World.OtherMerchant, CancellationToken.None).ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_moved_machine_that_still_asks_for_its_old_merchants_accounts_gets_none_and_is_told_where_it_is()
    {
        await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        await _world.MoveAsync(World.Machine, World.OtherMerchant);

        await _world.CardsSayAsync(_journal.Pull());

        _world.ToldOfCards().ShouldBeEmpty();
        _world.Messages(Topics.SettingsDown(World.Machine)).ShouldHaveSingleItem().ShouldBeOfType<MachineSettings>().MerchantId.ShouldBe(World.OtherMerchant);
    }

    [Fact]
    public async Task A_machine_that_was_moved_a_second_ago_is_not_taken_for_a_stranger()
    {
        await _world.CardsSayAsync(_journal.Pull());
        await _world.Tables.GetTableClient("Devices").UpsertEntityAsync(
            new CanteenPay.Functions.Devices.DeviceProfile(World.Machine, World.OtherMerchant, "moved", IsActive: true), CanteenPay.Azure.Tables.TableUpdateMode.Replace);
        var there = new Journal(merchant: World.OtherMerchant, epoch: "EP0CH002");
        there.Tap(await _world.OpenAccountAsync("ACC0VNT1", 100_00, merchant: World.OtherMerchant), 1_00);

        await _world.CardsSayAsync(there.Pull());
        await _world.CardsSayAsync(there.Batch());

        _world.LastAck().Through.ShouldBe(1);
        (await _world.ParkedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_entry_that_differs_from_the_ledgers_row_parks_its_journal_only_until_a_person_lets_the_machine_begin_anew()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        await LeaveRowsAsync(_journal, account);
        var restored = _journal.ImageAt(1);
        restored.Tap(account, 2_00);

        await _world.CardsSayAsync(restored.Batch(2));
        await _world.CardsSayAsync(restored.Batch(2));

        _world.LastAck().ShouldSatisfyAllConditions(ack => ack.Through.ShouldBe(1), ack => ack.Restart.ShouldBeFalse(), ack => ack.HeldThrough.ShouldBeNull());
        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("differs");
        (await _world.ParkedAsync()).ShouldHaveSingleItem("kept once").Source.ShouldBe("cards");
        var other = new Journal(World.OtherMachine);
        other.Tap(account, 5_00);
        await _world.CardsSayAsync(other.Batch(), World.OtherMachine);
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(94_00), "others go on");

        await ReleaseAsync(HttpStatusCode.OK);
        await _world.CardsSayAsync(restored.Batch(2));
        _world.LastAck().ShouldSatisfyAllConditions(ack => ack.Through.ShouldBe(1), ack => ack.Restart.ShouldBeTrue(), ack => ack.HeldThrough.ShouldBe(1));
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(94_00), "the machine books it in its new journal");
        _world.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_row_that_was_left_on_an_earlier_day_is_found_before_another_entry_gets_its_number()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        await LeaveRowsAsync(_journal, account);
        var restored = _journal.ImageAt(1);
        restored.Tap(account, 2_00, entry => entry with { PostingDay = entry.PostingDay.AddDays(3) });

        await _world.CardsSayAsync(restored.Batch(2));

        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("another day");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_row_that_was_left_on_an_earlier_day_is_found_also_within_a_batch_and_in_a_new_journal(int imageAt)
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        if (imageAt > 0)
            _journal.Tap(account, 1_00);
        await LeaveRowsAsync(_journal, account);
        var restored = _journal.ImageAt(imageAt);
        restored.Tap(account, 2_00, entry => entry with { PostingDay = entry.PostingDay.AddDays(1) });

        await _world.CardsSayAsync(restored.Batch());

        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("another day");
    }

    [Fact]
    public async Task Operators_see_how_many_records_are_still_on_a_machine_and_since_when_that_is_known()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        for (var tap = 0; tap < 5; tap++)
            _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch(1, 2));
        for (var tap = 0; tap < 4; tap++)
            _journal.Tap(account, 1_00);
        await using var app = await TestApp.StartAsync(_world);
        using var client = app.GetTestClient();

        var before = await JournalAsync(client);
        await _world.PassAsync(TimeSpan.FromMinutes(5));
        await _world.MachineKnowsAsync(1, _journal);
        var after = await JournalAsync(client);

        (before["possiblyUnsent"]!.GetValue<long>(), before["heardAt"]).ShouldBe((3L, null));
        (after["possiblyUnsent"]!.GetValue<long>(), after["heardAt"]!.GetValue<DateTimeOffset>()).ShouldBe((7L, World.Noon.AddMinutes(5)));
    }

    [Fact]
    public async Task An_entry_of_an_account_that_does_not_exist_parks_its_journal_and_books_nothing_of_the_batch()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        _journal.Tap(account with { AccountId = AccountId.Parse("N0B0DY00") }, 1_00);

        await _world.CardsSayAsync(_journal.Batch());

        _world.LastAck().Through.ShouldBe(0);
        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("N0B0DY00");
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(100_00));
    }

    [Fact]
    public async Task A_journal_that_is_not_parked_is_not_released_and_any_can_be_ended()
    {
        await _world.CardsSayAsync(_journal.Pull());

        await ReleaseAsync(HttpStatusCode.Conflict);
        await PostAsync("end", HttpStatusCode.OK);

        (await CursorAsync(_journal)).ShouldSatisfyAllConditions(row => row.Restart.ShouldBeFalse(), row => row.Ended.ShouldBeTrue());
        await PostAsync("release", HttpStatusCode.NotFound, epoch: "EP0CH009");
        await PostAsync("release", HttpStatusCode.UnprocessableEntity, epoch: "none");
    }

    [Fact]
    public async Task A_machine_that_is_blocked_books_nothing_and_hears_nothing()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.Tables.GetTableClient("Devices").UpsertEntityAsync(
            new CanteenPay.Functions.Devices.DeviceProfile(World.Machine, World.Merchant, "一号窗口", IsActive: false), CanteenPay.Azure.Tables.TableUpdateMode.Replace);

        await _world.CardsSayAsync(_journal.Pull());
        await _world.CardsSayAsync(_journal.Batch());

        _world.ToldOfCards().ShouldBeEmpty();
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(100_00));
        (await _world.ParkedAsync()).ShouldNotBeEmpty();
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> JournalAsync(HttpClient client)
    {
        var text = await client.GetStringAsync(new Uri($"/api/cards/{World.Merchant}/journals", UriKind.Relative));
        return System.Text.Json.Nodes.JsonNode.Parse(text)!.AsArray().ShouldHaveSingleItem()!;
    }

    /// <summary>A batch whose rows were written and whose transaction never was: killed between, and never delivered again.</summary>
    private async Task LeaveRowsAsync(Journal journal, CardAccount account)
    {
        var through = (await _world.Cards.CursorAsync(journal.Merchant, journal.Device, journal.Epoch, CancellationToken.None))?.Through ?? 0;
        var lost = journal.ImageAt(journal.LastSeq);
        lost.Tap(account, 9_00);
        _world.Tables.BeforeOperation = operation => operation.StartsWith("Cards.Transaction", StringComparison.Ordinal) ? throw new Killed(operation) : Task.CompletedTask;
        await _world.CardsSayAsync(lost.Batch(through + 1));
        _world.Tables.BeforeOperation = null;
        (await _world.LedgerAsync()).Count.ShouldBe((int)lost.LastSeq);
        _world.Failures.Clear();
    }

    private async Task<CursorRow> CursorAsync(Journal journal) =>
        (await _world.Cards.CursorAsync(journal.Merchant, journal.Device, journal.Epoch, CancellationToken.None)).ShouldNotBeNull();

    private Task ReleaseAsync(HttpStatusCode expected) => PostAsync("release", expected);

    private async Task PostAsync(string what, HttpStatusCode expected, string? epoch = null)
    {
        await using var app = await TestApp.StartAsync(_world);
        using var client = app.GetTestClient();
        using var answer = await client.PostAsync(
            new Uri($"/api/cards/{World.Merchant}/journals/{World.Machine}/{epoch ?? _journal.Epoch.Value}/{what}", UriKind.Relative), content: null);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }
}
