using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests;

/// <summary>What is posted, and the closing of days.</summary>
internal sealed partial class World
{
    /// <summary>Everything that was ever posted.</summary>
    public async Task<IReadOnlyList<PostingRow>> PostingsAsync() => await Tables.GetTableClient(PostingStore.Table).QueryAsync<PostingRow>("").ToListAsync();

    /// <summary>What an order and its refunds came to is posted, each once, under its own settlement date, and their days are in the index.</summary>
    public async Task ShouldHavePostedOnceAsync(OrderId id, string because)
    {
        var order = await OrderAsync(id);
        var went = (await RefundsAsync(id)).Where(refund => refund.State == RefundState.Refunded).ToList();
        List<(string, DateOnly?, Fen)> expected = [.. went.Select(refund => (PostingKeys.OfRefund(refund.Id), refund.SettlementDate, refund.Amount))];
        if (order.Payment is not null)
            expected.Add((PostingKeys.OfPayment(id), order.SettlementDate, order.Amount));

        var posted = (await PostingsAsync()).Where(row => row.Posting.Order == id).ToList();
        posted.Select(row => (row.Posting.Key, (DateOnly?)row.Day, row.Posting.Amount)).ShouldBe(expected, ignoreOrder: true, because);
        foreach (var row in posted)
        {
            (await Get<DayIndex>().FindAsync(row.Day, row.Merchant, CancellationToken.None)).ShouldNotBeNull(because);
            (await Get<DayIndex>().FindDayAsync(row.Day, CancellationToken.None)).ShouldNotBeNull(because);
        }
    }

    /// <summary>Closes the days through this one: everything that is posted there is settled for the last time, and what comes later comes too late.</summary>
    public async Task CloseThroughAsync(DateOnly day)
    {
        var (closed, statements, postings) = (Get<ClosedDays>(), Get<StatementStore>(), Get<PostingStore>());
        (await closed.TryCloseAsync(await closed.ReadAsync(CancellationToken.None), day, World.Finance, CancellationToken.None)).ShouldNotBeNull();
        foreach (var row in await closed.ListUndecidedAsync(CancellationToken.None).ToListAsync())
        {
            var belated = await postings.ReadAsync(row.Merchant, row.Day, CancellationToken.None).Where(posting => posting.IsBelated).Select(posting => posting.Key).ToListAsync();
            (await statements.TryCloseAsync(new(row.Day, row.Merchant, Revision: 1, belated), latest: null, CancellationToken.None)).ShouldBeTrue();
        }

        (await closed.TryFinishAsync(CancellationToken.None)).ShouldBeTrue();
    }

    /// <summary>Lets time pass until an instant while every scheduled poll is lost.</summary>
    public void LosePollsUntil(DateTimeOffset instant)
    {
        Clock.MoveTo(instant);
        while (ServiceBus.TakeDue(PaymentStepQueue.Queue) is not null)
        {
            // Nobody takes it.
        }
    }

    /// <summary>Lets time pass until an instant.</summary>
    public Task PassUntilAsync(DateTimeOffset instant) => PassAsync(instant - Clock.GetUtcNow());
}
