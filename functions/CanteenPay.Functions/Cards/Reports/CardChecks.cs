using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>The night's check of card money: a message for each merchant, so that one that cannot be done keeps nobody from the others.</summary>
internal sealed class CardChecks(MerchantRegistry merchants, CheckCalls checks) : INightChore
{
    /// <inheritdoc/>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await foreach (var merchant in merchants.ListAsync(cancellationToken))
            await checks.CallAsync(merchant.Id, cancellationToken);
    }
}
