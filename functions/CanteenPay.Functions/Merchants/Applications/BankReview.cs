using CanteenPay.Channels;
using CanteenPay.Channels.Registration;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>
/// Takes an application through the bank's interface: sends it, asks about it, and lets its state follow the bank's word. Safe to run again after any step and
/// by several at once: the bank takes a repetition for one, and states change by the version that was read.
/// </summary>
internal sealed class BankReview(
    ApplicationStore store, MerchantIndex index, RegistrationForms forms, RegistrationPort port, TimeProvider clock, ILogger<BankReview> logger)
{
    /// <summary>Shortest time between two questions about one application, however many people look at it.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Sends and asks as far as it gets now; the application as it is then.</summary>
    /// <param name="row">The application as it was read.</param>
    /// <param name="pause">How long ago the bank must have been asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ApplicationRow> GoOnAsync(ApplicationRow row, TimeSpan pause, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (row is not { State: MerchantState.WithBank, IsByInterface: true } || now - row.BankAskedAt < pause || port.Bank is not { } bank)
            return row;
        // Whoever notes the time asks; the others have it answered for them.
        if (await store.TryUpdateAsync(row with { BankAskedAt = now }, cancellationToken) is not { } asked)
            return await ReadAsync(row.Merchant, cancellationToken);
        row = asked;
        if (!row.IsSent)
        {
            var sent = await SendAsync(bank, row, cancellationToken);
            if (sent is RegistrationOutcome.Reviewing)
                MerchantLog.SentToBank(logger, row.Merchant.Value, row.Sendings);
            var next = sent switch
            {
                RegistrationOutcome.Reviewing => row with { IsSent = true, BankTrouble = null },
                RegistrationOutcome.Unknown { Doubt: var doubt } => row with { BankTrouble = Words(row, doubt) },
                _ => row,
            };
            if (await store.TryUpdateAsync(next, cancellationToken) is not { } noted)
                return await ReadAsync(row.Merchant, cancellationToken);
            row = noted;
        }

        return await FollowAsync(row, await bank.QueryAsync(row.Merchant.Value, cancellationToken), cancellationToken);
    }

    /// <summary>Lets an application that was approved, by the bank or by hand, have its code; null when somebody else changed it, false when the code is another's.</summary>
    public async Task<(ApplicationRow? Row, bool IsTaken)> ApproveAsync(ApplicationRow row, string code, Person by, CancellationToken cancellationToken)
    {
        if (!await index.TryTakeCodeAsync(code, row.Merchant, cancellationToken))
            return (null, true);
        var next = row with { State = MerchantState.Approved, Code = code, Reasons = new Dictionary<string, string>(), BankTrouble = null };
        var approved = await MoveAsync(row, next, by, cancellationToken);
        if (approved is null && await ReadAsync(row.Merchant, cancellationToken) is { State: not MerchantState.WithBank } other && other.Code != code)
            await index.GiveCodeBackAsync(code, cancellationToken);
        return (approved, false);
    }

    /// <summary>Lets an application leave the bank, and the list of those that the bank is asked about.</summary>
    public async Task<ApplicationRow?> MoveAsync(ApplicationRow row, ApplicationRow next, Person by, CancellationToken cancellationToken)
    {
        if (await store.TryMoveAsync(row, next, by, clock.GetUtcNow(), beside: null, cancellationToken) is not { } moved)
            return null;
        MerchantLog.Moved(logger, row.Merchant.Value, row.State.Name(), moved.State.Name(), by.Id);
        if (row.State == MerchantState.WithBank)
            await index.ForgetWithBankAsync(row.Merchant, cancellationToken);
        return moved;
    }

    private async Task<RegistrationOutcome> SendAsync(IMerchantRegistration bank, ApplicationRow row, CancellationToken cancellationToken) =>
        await forms.OfAsync(row, cancellationToken) is { } form
            ? await bank.SubmitAsync(form, cancellationToken)
            : new RegistrationOutcome.Unknown(new(DoubtKind.BadDocument, "incomplete", "A paper or a number is missing: return the application."));

    private async Task<ApplicationRow> FollowAsync(ApplicationRow row, RegistrationOutcome said, CancellationToken cancellationToken)
    {
        // What it said before it had this sending does not count, unless it is for good.
        if (!row.IsSent && said is not (RegistrationOutcome.Approved or RegistrationOutcome.Refused))
            return row;
        var moved = said switch
        {
            RegistrationOutcome.Approved { MerchantNo: var code } => await ApprovedAsync(row, code, cancellationToken),
            RegistrationOutcome.Returned { Reasons: var reasons } => await MoveAsync(
                row, row with { State = MerchantState.Returned, Reasons = reasons }, Person.Bank, cancellationToken),
            RegistrationOutcome.Refused { Reason: var reason } => await MoveAsync(
                row, row with { State = MerchantState.Refused, Reasons = Whole(reason) }, Person.Bank, cancellationToken),
            RegistrationOutcome.Incomplete => await store.TryUpdateAsync(row with { IsSent = false }, cancellationToken),
            RegistrationOutcome.Unknown { Doubt: var doubt } => await store.TryUpdateAsync(row with { BankTrouble = Words(row, doubt) }, cancellationToken),
            _ => row.BankTrouble is null ? row : await store.TryUpdateAsync(row with { BankTrouble = null }, cancellationToken),
        };
        return moved ?? await ReadAsync(row.Merchant, cancellationToken);
    }

    private async Task<ApplicationRow?> ApprovedAsync(ApplicationRow row, string code, CancellationToken cancellationToken)
    {
        var (approved, isTaken) = await ApproveAsync(row, code, Person.Bank, cancellationToken);
        if (!isTaken)
            return approved;
        MerchantLog.CodeIsTaken(logger, row.Merchant.Value);
        return await store.TryUpdateAsync(
            row with { BankTrouble = "银行给出的验证码已属于另一商户，请核对 / The bank's verification code is another merchant's: ask the bank" }, cancellationToken);
    }

    private string Words(ApplicationRow row, Doubt doubt)
    {
        MerchantLog.BankDoubt(logger, row.Merchant.Value, doubt.Kind, doubt.Code, doubt.Message);
        return $"{doubt.Kind} {doubt.Code}: {doubt.Message}";
    }

    private async Task<ApplicationRow> ReadAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        await store.FindAsync(merchant, cancellationToken) ?? throw new InvalidOperationException($"The application of merchant {merchant} is gone: applications are never deleted.");

    /// <summary>A reason that is of no field.</summary>
    public static Dictionary<string, string> Whole(string reason) => new() { [ApplicationRow.WholeReason] = reason };
}
