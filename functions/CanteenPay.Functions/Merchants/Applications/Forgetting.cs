using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Sealing;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>
/// Deletes the personal data of applications that were refused 90 days ago: pictures, the key of what is sealed, names, numbers, and what people wrote as
/// reasons. What stays says only that a licence was refused, when and by whom.
/// </summary>
internal sealed class Forgetting(ApplicationStore store, MerchantIndex index, IPapers papers, MerchantKeys keys, ILogger<Forgetting> logger) : INightChore
{
    /// <summary>How long it is kept, for a distributor who asks why.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <inheritdoc/>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var apart = new OneByOne();
        await foreach (var row in store.ListAsync(MerchantState.Refused, cancellationToken))
        {
            if (row.IsForgotten || now - row.MovedAt < Kept)
                continue;
            await apart.TryAsync(() => ForgetAsync(row, cancellationToken), cancellationToken);
        }

        apart.End("applications keep personal data that could not be deleted");
    }

    /// <summary>The mark that it is done comes last, so that one that was cut off is done again.</summary>
    private async Task ForgetAsync(ApplicationRow row, CancellationToken cancellationToken)
    {
        await papers.ForgetAsync(row.Merchant, cancellationToken);
        await keys.ForgetAsync(row.Merchant, cancellationToken);
        await store.ForgetReasonsAsync(row.Merchant, cancellationToken);
        if (row.Form.Licence is { } licence)
            await index.ForgetLicenceAsync(licence, row.Merchant, cancellationToken);
        var left = new ApplicationForm
        {
            MerchantName = row.Form.MerchantName,
            Licence = row.Form.Licence,
            Machines = row.Form.Machines,
            RateBasisPoints = row.Form.RateBasisPoints,
            BankCostBasisPoints = row.Form.BankCostBasisPoints,
            Shares = row.Form.Shares,
        };
        var forgotten = row with
        {
            Form = left,
            Sealed = SealedFields.None,
            SealedHash = null,
            Reasons = new Dictionary<string, string>(),
            BankTrouble = null,
            IsForgotten = true,
        };
        if (await store.TryUpdateAsync(forgotten, cancellationToken) is not null)
            MerchantLog.Forgotten(logger, row.Merchant.Value, row.MovedAt);
    }
}
