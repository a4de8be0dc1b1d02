using System.Net;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Restored;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Payments.Restored;

/// <summary>
/// Goal: what follows from orders can be lost and comes back as it was. Method: two days of business, the first closed, with refunds and money that came too late; then rows are deleted.
/// </summary>
public sealed class OrdersAgainTests : IDisposable
{
    private static readonly DateOnly First = World.Today, Second = First.AddDays(1);

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public async Task Postings_index_and_guards_that_were_lost_come_back_and_no_statement_changes(bool postings, bool index, bool guards)
    {
        var (late, open) = await TwoDaysAsync();
        var before = await RowsAsync();
        var statements = await SettledAsync();
        await LoseAsync(postings, index, guards);

        await AllAgainAsync();
        await SettleAgainAsync();

        (await SettledAsync()).ShouldBe(statements);
        // Of money that came too late the row on its own day counts for nobody, and is not written again.
        (await RowsAsync()).ShouldBe(before.Where(row => !postings || row != $"{First:yyyyMMdd} pay-{late} True"));
        _world.Bank.Pay(open);
        await _world.PassAsync(TimeSpan.FromMinutes(10));
        await _world.SweepAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(10));
        (await _world.OrderAsync(open)).State.ShouldBe(OrderState.Paid);
        await _world.ShouldHavePostedOnceAsync(open, "it was guarded again");
    }

    [Fact]
    public async Task A_part_of_a_days_postings_comes_back()
    {
        await TwoDaysAsync();
        var (before, statements) = (await RowsAsync(), await SettledAsync());
        foreach (var row in (await _world.PostingsAsync()).Where((row, number) => number % 2 == 0 && row.Posting.Key.StartsWith("refund", StringComparison.Ordinal)))
            await _world.Tables.GetTableClient(PostingStore.Table).DeleteEntityAsync($"{row.Merchant}-{row.Day:yyyyMMdd}", row.Posting.Key);
        (await RowsAsync()).Count.ShouldBeLessThan(before.Count);

        await AllAgainAsync();
        await SettleAgainAsync();

        (await RowsAsync()).ShouldBe(before);
        (await SettledAsync()).ShouldBe(statements);
    }

    [Fact]
    public async Task Nobody_hears_of_payments_again()
    {
        await TwoDaysAsync();
        await LoseAsync(postings: true, index: true, guards: true);
        var told = _world.Broker.Published.Count;

        await AllAgainAsync();

        _world.Broker.Published.Count.ShouldBe(told);
    }

    [Fact]
    public async Task Called_again_it_finds_everything_there()
    {
        await TwoDaysAsync();
        await LoseAsync(postings: true, index: true, guards: true);
        (await AllAgainAsync()).ShouldBeGreaterThan(0);

        (await AllAgainAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Killed_after_any_write_it_is_called_again()
    {
        await TwoDaysAsync();
        var before = (await RowsAsync()).Where(row => !row.EndsWith("True", StringComparison.Ordinal)).ToList();
        for (var (kill, isKilled) = (1, true); isKilled; kill++)
        {
            await LoseAsync(postings: true, index: true, guards: true);
            var writes = 0;
            _world.Tables.AfterOperation = operation =>
                !operation.Contains(".Get", StringComparison.Ordinal) && !operation.Contains(".Query", StringComparison.Ordinal) && ++writes == kill ? throw new Killed(operation) : Task.CompletedTask;
            isKilled = await IsKilledAsync();
            _world.Tables.AfterOperation = null;
            _world.Restart();

            await AllAgainAsync();

            (await RowsAsync()).ShouldBe(before, $"killed after write {kill}");
        }
    }

    [Theory]
    [InlineData("DEVMERCH", "2026-11-22", null, HttpStatusCode.OK)]
    [InlineData("nobody", "2026-11-22", null, HttpStatusCode.UnprocessableEntity)]
    [InlineData("DEVMERCH", "yesterday", null, HttpStatusCode.UnprocessableEntity)]
    [InlineData("DEVMERCH", "2026-11-22", "no order", HttpStatusCode.UnprocessableEntity)]
    [InlineData("DEVMERCH", "2026-11-22", "2611220THERMCHDEVMACH10000000001", HttpStatusCode.UnprocessableEntity)]
    public async Task A_call_names_a_merchant_and_a_day(string merchant, string day, string? after, HttpStatusCode expected)
    {
        await using var app = await TestApp.StartAsync(_world);
        using var client = app.GetTestClient();

        using var answer = await client.PostAsync(
            new Uri($"/api/merchants/{merchant}/orders/restored?day={day}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", UriKind.Relative), content: null);

        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Two are paid, one is paid too late (its day is closed by then) and given back, one of the first is refunded in part on the second day, and one is on the screen.</summary>
    private async Task<(OrderId Late, OrderId Open)> TwoDaysAsync()
    {
        await _world.TermsAsync(World.Merchant, 60, 20);
        var (refunded, late) = (await PayAsync(100_00), await ShowAsync(10_00));
        await PayAsync(20_00);
        await _world.PassUntilAsync(_world.CompleteFrom(First).AddHours(-2));
        _world.Bank.PayLate(late);
        await _world.SettleNightAsync(First);
        await _world.PassUntilAsync(World.Noon.AddDays(1));
        (await _world.RefundAsync(refunded, 30_00)).Refusal.ShouldBeNull();
        await PayAsync(50_00);
        await _world.CloseWholeAsync(First);
        (await _world.BankNotifiesAsync(late)).ShouldBeTrue();
        await _world.PassAsync(TimeSpan.FromMinutes(5));
        await _world.SettleNightAsync(Second);
        await _world.SettleSweepAsync();
        (await _world.PostingsAsync()).ShouldContain(row => row.Posting.Key.StartsWith("adj-", StringComparison.Ordinal));
        _world.Clock.MoveTo(World.Noon.AddDays(2));
        return (late, await ShowAsync(5_00));
    }

    private async Task<OrderId> ShowAsync(long fen)
    {
        var request = World.Request(fen, _world.Clock.GetUtcNow());
        await _world.DeviceSaysAsync(request);
        return request.OrderId;
    }

    private async Task<OrderId> PayAsync(long fen)
    {
        var order = await ShowAsync(fen);
        _world.Bank.Pay(order);
        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();
        await _world.PassAsync(TimeSpan.FromMinutes(2));
        return order;
    }

    private async Task LoseAsync(bool postings, bool index, bool guards)
    {
        (string Table, bool IsLost)[] tables = [("Postings", postings), ("DayIndex", index), ("OpenOrders", guards)];
        foreach (var (table, _) in tables.Where(table => table.IsLost))
        {
            await foreach (var row in _world.Tables.GetTableClient(table).QueryAsync<TableEntity>(""))
                await _world.Tables.GetTableClient(table).DeleteEntityAsync(row.PartitionKey, row.RowKey);
        }

        // Polls are under way for as long as the restore takes: by then only a guard brings one back.
        _world.LosePollsUntil(_world.Clock.GetUtcNow() + TimeSpan.FromMinutes(4));
        _world.Restart();
    }

    private async Task<int> AllAgainAsync()
    {
        var done = 0;
        foreach (var day in (DateOnly[])[First, Second, Second.AddDays(1)])
        {
            var view = await _world.Get<OrdersAgain>().GoOnAsync(World.Merchant, day, after: null, CancellationToken.None);
            view.Next.ShouldBeNull();
            done += view.Guarded + view.Posted;
        }

        return done;
    }

    private async Task<bool> IsKilledAsync()
    {
        try
        {
            await AllAgainAsync();
            return false;
        }
        catch (Killed)
        {
            return true;
        }
    }

    /// <summary>By hand, for each day that is open and for the closed one.</summary>
    private async Task SettleAgainAsync()
    {
        foreach (var day in (DateOnly[])[First, Second])
        {
            await _world.Get<FanOut>().AllAsync(day, "again", CancellationToken.None);
            await _world.SettleSentAsync();
        }
    }

    /// <summary>Postings by day and key, and on the closed day whether they came in time.</summary>
    private async Task<IReadOnlyList<string>> RowsAsync() =>
    [
        .. (await _world.PostingsAsync()).Select(row => $"{row.Day:yyyyMMdd} {row.Posting.Key} {row.Day == First && row.Posting.IsBelated}"),
    ];

    private async Task<string> SettledAsync() => string.Join(
        '\n', (await _world.SettlementRowsAsync()).Split('\n').Where(line => line.StartsWith("Settlements ", StringComparison.Ordinal) || line.StartsWith("Shares ", StringComparison.Ordinal)));
}
