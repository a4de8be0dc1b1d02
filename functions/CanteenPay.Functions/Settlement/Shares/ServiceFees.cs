using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Merchants.Subscriptions;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>The night's chore that charges distributors with the yearly fees of the merchants that they filed, each fee once.</summary>
internal sealed class ServiceFees(DistributorStore distributors, SubscriptionStore subscriptions, ShareStore shares) : INightChore
{
    /// <summary>Most fees that are charged to a distributor in a night; the next night goes on.</summary>
    private const int MostANight = 2_000;

    /// <inheritdoc/>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var apart = new OneByOne();
        await foreach (var distributor in distributors.ListAsync(cancellationToken))
            await apart.TryAsync(() => ChargeAsync(distributor.Id, now, cancellationToken), cancellationToken);
        apart.End("distributors could not be charged with service fees");
    }

    private async Task ChargeAsync(DistributorId distributor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var charged = await shares.FeesAsync(distributor, cancellationToken).Select(entry => entry.Key).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        var fees = distributors.MerchantsAsync(distributor, cancellationToken)
            .SelectMany(merchant => subscriptions.FeesAsync(merchant, cancellationToken))
            .Where(fee => fee.Amount > Fen.Zero && !charged.Contains(ShareKeys.OfFee(fee.Merchant, fee.Number)));
        await foreach (var fee in fees.Take(MostANight).WithCancellation(cancellationToken))
        {
            var key = ShareKeys.OfFee(fee.Merchant, fee.Number);
            await shares.InsertAsync(new(distributor, key, ShareKind.ServiceFee, Fen.Zero - fee.Amount, now) { Merchant = fee.Merchant }, cancellationToken);
        }
    }
}
