using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace CanteenPay.Functions.Tests;

/// <summary>Refunds, asked for as callers do.</summary>
internal sealed partial class World
{
    public async Task<IReadOnlyList<Refund>> RefundsAsync(OrderId id) =>
        await RefundStore.ListAsync(id, CancellationToken.None).Select(row => row.Refund).ToListAsync();

    /// <summary>Somebody asks for a refund at the endpoint; asks again when the function app dies meanwhile, as callers do.</summary>
    public async Task<(Refund? Refund, string? Refusal)> RefundAsync(OrderId id, long fen, string key = "key")
    {
        for (var attempt = 0; attempt < MaxDeliveries; attempt++)
        {
            HandlerIsDead = false;
            try
            {
                var order = (await Orders.FindAsync(id, CancellationToken.None)).ShouldNotBeNull();
                var wish = new RefundWish(RefundOrigin.Endpoint, key, new Fen(fen), "test");
                var (row, refusal, _) = await _services.GetRequiredService<RefundLife>().RequestAsync(order, wish, CancellationToken.None);
                return (row?.Refund, refusal);
            }
            catch (Exception failure)
            {
                Failures.Add(failure);
            }
        }

        throw new InvalidOperationException("The refund was never answered.");
    }
}
