using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>Takes up deliveries whose message was lost or whose end was cut off.</summary>
internal sealed class DeliverySweeper(DeliveryStore store, Deliveries deliveries, FinanceSettings finance) : ISweeper
{
    /// <summary>A message that is on its way is not late.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(3);

    /// <summary>Each may take the ten seconds that finance's system is given, and other sweepers wait.</summary>
    private const int MostAtOnce = 2;

    /// <inheritdoc/>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (finance.Webhook is null)
            return;
        var (apart, late) = (new OneByOne(), new List<DeliveryRow>());
        foreach (var open in await store.ListOpenAsync(cancellationToken).ToListAsync(cancellationToken))
            await apart.TryAsync(() => LookAsync(open, now, late, cancellationToken), cancellationToken);
        foreach (var delivery in late.OrderBy(delivery => delivery.NextAt).Take(MostAtOnce))
            await apart.TryAsync(() => deliveries.RunAsync(delivery.Day, delivery.Edition, delivery.Tries, cancellationToken), cancellationToken);
        apart.End("deliveries could not be taken up");
    }

    private async Task LookAsync(OpenDeliveryRow open, DateTimeOffset now, List<DeliveryRow> late, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(open.Day, open.Edition, cancellationToken) is not { } delivery)
            await deliveries.StartAsync(open.Day, open.Edition, cancellationToken);
        else if (delivery.State == DeliveryState.Waiting && delivery.NextAt + Late < now)
            late.Add(delivery);
        else if (delivery.State != DeliveryState.Waiting)
            await deliveries.RunAsync(open.Day, open.Edition, delivery.Tries, cancellationToken);
    }
}
