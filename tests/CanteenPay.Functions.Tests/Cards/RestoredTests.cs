using System.Net;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Restored;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>Rows of <c>Cards</c> are put back to an earlier state, and an operator says so. Stories of it, with real machines, are in the model test.</summary>
public sealed class RestoredTests : IDisposable
{
    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_the_ledger_has_is_booked_again_and_versions_go_on_beyond_all_that_were_told()
    {
        var (account, told) = await TappedAfterTheCopyAsync();

        await SayAsync(HttpStatusCode.OK);

        var after = await _world.AccountAsync(account.AccountId);
        after.Balance.ShouldBe(new Fen(97_00));
        after.Version.ShouldBeGreaterThan(told);
        (await _world.Cards.FeedAsync(World.Merchant, CancellationToken.None)).Current.ShouldBeGreaterThan(told);
        (await CursorAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task The_same_key_does_nothing_more_and_another_begins_anew()
    {
        var (account, _) = await TappedAfterTheCopyAsync();
        await SayAsync(HttpStatusCode.OK);
        var once = await _world.AccountAsync(account.AccountId);

        await SayAsync(HttpStatusCode.OK);

        (await _world.AccountAsync(account.AccountId)).ShouldBeEquivalentTo(once);
        _world.Clock.MoveTo(_world.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        await SayAsync(HttpStatusCode.OK, "restored-2");
        (await _world.AccountAsync(account.AccountId)).Version.ShouldBeGreaterThan(once.Version);
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(once.Balance);
    }

    [Fact]
    public async Task Whose_account_is_younger_than_the_copy_gets_it_again_with_the_card_that_tapped()
    {
        var copy = await RowsAsync();
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        await PutBackAsync(copy);

        await SayAsync(HttpStatusCode.OK);

        var opened = await _world.AccountAsync(account.AccountId);
        opened.Balance.ShouldBe(new Fen(-1_00));
        opened.Cards.ShouldHaveSingleItem().No.ShouldBe(account.Cards[0].No);
        (await _world.ParkedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_account_that_the_office_opens_afterwards_begins_beyond_what_machines_may_know_under_its_id()
    {
        var (_, told) = await TappedAfterTheCopyAsync();
        await SayAsync(HttpStatusCode.OK);

        var opened = await _world.HolderAsync(cashFen: 5_00, cardNo: "0A0B0C0F");

        var restored = (await _world.Cards.FindAsync<RestoredRow>(World.Merchant, RestoredRow.RowKey, CancellationToken.None)).ShouldNotBeNull();
        restored.Floor.ShouldBeGreaterThan(told);
        opened.Version.ShouldBe(restored.Floor + 2);
        opened.Balance.ShouldBe(new Fen(5_00));
    }

    [Fact]
    public async Task Without_a_copy_that_was_put_back_an_unknown_account_is_nobodys()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        await _world.Tables.GetTableClient(CardKeys.Cards).DeleteEntityAsync(World.Merchant.Value, CardKeys.Account(account.AccountId));
        _journal.Tap(account, 1_00);

        await _world.CardsSayAsync(_journal.Batch());

        (await _world.ParkedAsync()).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("DEVMERCH", null, HttpStatusCode.UnprocessableEntity)]
    [InlineData("DEVMERCH", "short", HttpStatusCode.UnprocessableEntity)]
    [InlineData("nobody", "restored-1", HttpStatusCode.UnprocessableEntity)]
    [InlineData("N0B0DY00", "restored-1", HttpStatusCode.NotFound)]
    public Task Without_a_merchant_or_a_key_nothing_is_done(string merchant, string? key, HttpStatusCode expected) => SayAsync(expected, key, merchant);

    private async Task<(CardAccount Account, long Told)> TappedAfterTheCopyAsync()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        var copy = await RowsAsync();
        _journal.Tap(account, 2_00);
        await _world.CardsSayAsync(_journal.Batch(2));
        var told = (await _world.AccountAsync(account.AccountId)).Version;
        await PutBackAsync(copy);
        (await CursorAsync()).ShouldBe(1);
        return (account, told);
    }

    private async Task<long> CursorAsync() =>
        (await _world.Cards.CursorAsync(World.Merchant, _journal.Device, _journal.Epoch, CancellationToken.None)).ShouldNotBeNull().Through;

    private async Task<IReadOnlyList<TableEntity>> RowsAsync() => await Table.QueryAsync<TableEntity>("").ToListAsync();

    private async Task PutBackAsync(IReadOnlyList<TableEntity> copy)
    {
        foreach (var row in await RowsAsync())
            await Table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
        foreach (var row in copy)
            await Table.AddEntityAsync(row);
    }

    private TableClient Table => _world.Tables.GetTableClient(CardKeys.Cards);

    private async Task SayAsync(HttpStatusCode expected, string? key = "restored-1", string merchant = "DEVMERCH")
    {
        await using var app = await TestApp.StartAsync(_world);
        using var client = app.GetTestClient();
        if (key is not null)
            client.DefaultRequestHeaders.Add(OperationReader.KeyHeader, key);
        using var answer = await client.PostAsync(new Uri($"/api/cards/{merchant}/restored", UriKind.Relative), content: null);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }
}
