using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Merchants;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>The night's chores: a message for each merchant, so that one that cannot be done keeps nobody from the others.</summary>
internal sealed class Night(MerchantRegistry merchants, CheckCalls checks)
{
    /// <summary>01:30 in Asia/Shanghai; timers run by UTC.</summary>
    [Function("Night")]
    public async Task RunAsync([TimerTrigger("0 30 17 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await foreach (var merchant in merchants.ListAsync(cancellationToken))
            await checks.CallAsync(merchant.Id, cancellationToken);
    }
}
