using System.Collections.Concurrent;
using System.Threading.Channels;
using CanteenPay.Lunch.Diners;

namespace CanteenPay.Lunch.Machines;

/// <summary>One machine with its queue, and what its diners do after they have left it.</summary>
internal sealed class Counter(Cashier cashier, DinerPhone phone, Stack.RefundDesk refunds, TimeProvider time, int mostDiners)
{
    private readonly Channel<Diner> _queue = Channel.CreateBounded<Diner>(new BoundedChannelOptions(mostDiners + 1) { SingleReader = true });
    private readonly ConcurrentQueue<Visit> _visits = new();

    /// <summary>Who stands in the queue.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Everybody who was served, as it ended.</summary>
    public IReadOnlyCollection<Visit> Visits => _visits;

    /// <summary>Somebody joins the queue.</summary>
    public void Join(Diner diner)
    {
        if (!_queue.Writer.TryWrite(diner))
            throw new InvalidOperationException($"Diner {diner.Number} finds no room in a queue for {mostDiners}.");
    }

    /// <summary>The doors are closed: whoever stands in the queue is still served.</summary>
    public void Close() => _queue.Writer.Complete();

    /// <summary>Serves until the doors are closed and nobody is left, not even a late payer or a refund.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Task> afterwards = [];
        await foreach (var diner in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            var visit = await cashier.ServeAsync(diner, () => Waiting > 0, cancellationToken);
            afterwards.Add(AfterwardsAsync(visit, cancellationToken));
        }

        await Task.WhenAll(afterwards);
    }

    private async Task AfterwardsAsync(Visit visit, CancellationToken cancellationToken)
    {
        if (visit is { End: VisitEnd.TriedLate, Orders: [.., var late] })
        {
            await Task.Delay(visit.Diner.LateBy, time, cancellationToken);
            visit = visit with { Phone = await phone.PayAsync(late, visit.Diner.Wallet, cancellationToken) };
        }

        _visits.Enqueue(visit);
        if (visit is { Phone: "success", Diner.Refund: { } wish, Orders: [.., var paid] })
        {
            await Task.Delay(wish.After, time, cancellationToken);
            await refunds.AskAsync(paid, wish, cancellationToken);
        }
    }
}
