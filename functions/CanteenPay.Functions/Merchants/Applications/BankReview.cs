using Azure;
using CanteenPay.Channels;
using CanteenPay.Channels.Registration;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>
/// Takes an application through the bank's interface: sends it, asks about it, and lets its state follow the bank's word. Safe to run again after any step and
/// by several at once: the bank takes a repetition for one, and states change by the version that was read.
/// </summary>
internal sealed class BankReview(
    ApplicationStore store, MerchantIndex index, VerificationCodes codes, RegistrationForms forms, RegistrationPort port, TimeProvider clock, ILogger<BankReview> logger)
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
        if (await codes.TryTakeAsync(code, row.Merchant, cancellationToken) is not { } taken)
            return (null, true);
        var next = row with { State = MerchantState.Approved, Code = code, Reasons = new Dictionary<string, string>(), BankTrouble = null };
        var approved = await MoveAsync(row, next, by, cancellationToken);
        if (approved is null && await ReadAsync(row.Merchant, cancellationToken) is { State: not MerchantState.WithBank } other && other.Code != code)
            await codes.GiveBackAsync(taken, cancellationToken);
        return (approved, false);
    }

    /// <summary>Lets an application go to another state. What it leaves behind there, its note for the sweep or its code, is taken away as it was read before.</summary>
    public async Task<ApplicationRow?> MoveAsync(ApplicationRow row, ApplicationRow next, Person by, CancellationToken cancellationToken)
    {
        var note = row.IsAskedAbout && !next.IsAskedAbout ? await index.FindWithBankAsync(row.Merchant, cancellationToken) : null;
        var taken = row.Code is { } code && next.Code is null ? await codes.FindAsync(code, row.Merchant, cancellationToken) : null;
        if (await store.TryMoveAsync(row, next, by, clock.GetUtcNow(), beside: null, cancellationToken) is not { } moved)
            return null;
        MerchantLog.Moved(logger, row.Merchant.Value, row.State.Name(), moved.State.Name(), by.Id);
        if (note is not null)
            await index.ForgetWithBankAsync(note, cancellationToken);
        if (taken is not null)
            await codes.GiveBackAsync(taken, cancellationToken);
        return moved;
    }

    private async Task<RegistrationOutcome> SendAsync(IMerchantRegistration bank, ApplicationRow row, CancellationToken cancellationToken)
    {
        RegistrationForm? form;
        try
        {
            form = await forms.OfAsync(row, cancellationToken);
        }
        catch (Exception e) when (e is SealException or RequestFailedException)
        {
            // Whoever looks at the application must see it all the same, and the next round tries again.
            MerchantLog.PapersDoNotOpen(logger, e, row.Merchant.Value);
            return new RegistrationOutcome.Unknown(new(
                DoubtKind.BadDocument, "unreadable", "资料或证件照无法打开，稍后自动重试 / A paper or a number cannot be opened; it is tried again"));
        }

        return form is null
            ? new RegistrationOutcome.Unknown(new(DoubtKind.BadDocument, "incomplete", "A paper or a number is missing: return the application."))
            : await bank.SubmitAsync(form, cancellationToken);
    }

    private async Task<ApplicationRow> FollowAsync(ApplicationRow row, RegistrationOutcome said, CancellationToken cancellationToken)
    {
        // What it said before it had this sending does not count, unless it is for good.
        if (!row.IsSent && said is not (RegistrationOutcome.Approved or RegistrationOutcome.Refused))
            return row;
        var moved = said switch
        {
            // It has not had these papers whole, so that it approved those of an earlier sending: another account, perhaps.
            RegistrationOutcome.Approved { MerchantNo: var code } when !row.IsSent && row.Sendings > 1 => await store.TryUpdateAsync(
                row with { BankTrouble = Earlier(code) }, cancellationToken),
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
        // Not its words: a bank may repeat numbers of people in them.
        MerchantLog.BankDoubt(logger, row.Merchant.Value, doubt.Kind, doubt.Code);
        return $"{doubt.Kind} {doubt.Code}: {doubt.Message}";
    }

    private static string Earlier(string code) =>
        $"银行批准的是较早提交的资料（验证码 {code}），请与银行核对后退回，或人工录入 / The bank approved an earlier version of the papers (code {code}): ask the bank, then return the application or key the code in";

    private async Task<ApplicationRow> ReadAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        await store.FindAsync(merchant, cancellationToken) ?? throw new InvalidOperationException($"The application of merchant {merchant} is gone: applications are never deleted.");

    /// <summary>A reason that is of no field.</summary>
    public static Dictionary<string, string> Whole(string reason) => new() { [ApplicationRow.WholeReason] = reason };
}
