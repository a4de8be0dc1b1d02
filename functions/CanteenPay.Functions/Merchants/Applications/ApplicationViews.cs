using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>Gathers what is shown of an application.</summary>
internal sealed class ApplicationViews(ApplicationStore store, MerchantIndex index, IPapers papers)
{
    /// <summary>The application for whoever asks.</summary>
    public async Task<ApplicationView> OfAsync(ApplicationRow row, Caller caller, CancellationToken cancellationToken)
    {
        var isOperator = caller.Is(Role.Operator);
        var form = row.Form;
        return new()
        {
            MerchantId = row.Merchant,
            DistributorId = row.Distributor,
            State = row.State.Name(),
            Version = row.Number,
            FiledAt = BusinessDay.Local(row.FiledAt),
            MovedAt = BusinessDay.Local(row.MovedAt),
            Reasons = row.Reasons,
            Warnings = ApplicationRules.WarningsOf(form),
            Documents = await papers.ListAsync(row.Merchant, cancellationToken),
            Steps = await store.StepsAsync(row.Merchant, cancellationToken).Select(StepView.Of).ToListAsync(cancellationToken),
            SentTo = row.State is MerchantState.WithBank ? row.IsByInterface ? "bank" : "manual" : null,
            Code = row.Code,
            BankTrouble = isOperator ? row.BankTrouble : null,
            SameLicence = isOperator ? await SameLicenceAsync(row, cancellationToken) : null,
            MerchantName = form.MerchantName,
            LegalName = form.LegalName,
            Licence = form.Licence,
            LicenceValidUntil = form.LicenceValidUntil,
            LegalPerson = form.LegalPerson,
            ResidentId = form.ResidentId,
            Settlement = form.Settlement,
            Contact = form.Contact,
            Address = form.Address,
            Machines = form.Machines,
            RateBasisPoints = form.RateBasisPoints,
            BankCostBasisPoints = form.BankCostBasisPoints,
            Shares = form.Shares,
            AcceptWarnings = form.AcceptWarnings,
        };
    }

    private async Task<IReadOnlyList<MerchantId>> SameLicenceAsync(ApplicationRow row, CancellationToken cancellationToken)
    {
        const int mostShown = 20;
        if (row.Form.Licence is not { } licence)
            return [];
        var same = new List<MerchantId>();
        await foreach (var merchant in index.OfLicenceAsync(licence, cancellationToken))
        {
            if (merchant != row.Merchant && same.Count < mostShown
                && await store.FindAsync(merchant, cancellationToken) is { State: MerchantState.Active or MerchantState.Suspended } other && other.Form.Licence == licence)
            {
                same.Add(merchant);
            }
        }

        return same;
    }
}
