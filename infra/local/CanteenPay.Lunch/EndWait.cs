using CanteenPay.Lunch.Cards;
using CanteenPay.Lunch.Report;

namespace CanteenPay.Lunch;

/// <summary>
/// Waits until every order has its end, and every tap is booked: an order that nobody paid is closed 300 s after it was made. Bounded by the ten minutes that the design allows.
/// </summary>
internal sealed class EndWait(BookKeeper books, CardBookKeeper cards, TimeProvider time, ProgressLine progress)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(5);

    /// <summary>What differs although everything has ended may be a message on its way, but not for longer.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>The books as they are in the end, the cards' without the closed loop.</summary>
    public async Task<(IReadOnlyList<BookedOrder> Orders, CardBooks Cards)> WaitAsync(Func<IReadOnlyList<DateOnly>> days, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        long? endedAt = null;
        while (true)
        {
            var orders = await books.ReadAsync(days(), cancellationToken);
            var taps = await cards.ReadAsync(days(), cancellationToken);
            var (open, different) = (orders.Count(order => order.Ours is { IsOpen: true }), Reconciliation.Of(orders).Count + CardReconciliation.Of(taps).Count);
            endedAt = open > 0 ? null : endedAt ?? time.GetTimestamp();
            var passed = time.GetElapsedTime(began);
            if (different == 0 || passed >= Limit || endedAt is { } ended && time.GetElapsedTime(ended) >= Grace)
                return (orders, taps);
            progress.Show("收尾 ending", passed, Limit, $"未完 open {open} · 有差异 different {different - open}");
            await Task.Delay(LookEach, time, cancellationToken);
        }
    }
}
