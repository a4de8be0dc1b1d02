using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>An application as it is shown: numbers of people masked.</summary>
internal sealed record ApplicationView : ApplicationForm
{
    /// <summary>The merchant that it is, or is to become.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>Who filed it.</summary>
    public required DistributorId DistributorId { get; init; }

    /// <summary>How far it is.</summary>
    public required string State { get; init; }

    /// <summary>The version to name when it is changed.</summary>
    public required int Version { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset FiledAt { get; init; }

    /// <summary>When it last went to another state.</summary>
    public required DateTimeOffset MovedAt { get; init; }

    /// <summary>What is to be corrected, or why it was refused, by field.</summary>
    public required IReadOnlyDictionary<string, string> Reasons { get; init; }

    /// <summary>What somebody should look at, by field.</summary>
    public required IReadOnlyDictionary<string, string> Warnings { get; init; }

    /// <summary>The pictures that are there.</summary>
    public required IReadOnlyList<string> Documents { get; init; }

    /// <summary>What happened.</summary>
    public required IReadOnlyList<StepView> Steps { get; init; }

    /// <summary>How it was sent to the bank: <c>bank</c> or <c>manual</c>.</summary>
    public string? SentTo { get; init; }

    /// <summary>The verification code, once there is one.</summary>
    public string? Code { get; init; }

    /// <summary>Why the bank could not be asked; for operators.</summary>
    public string? BankTrouble { get; init; }

    /// <summary>Merchants with the same licence that collect or are suspended; for operators.</summary>
    public IReadOnlyList<MerchantId>? SameLicence { get; init; }
}

/// <summary>A step as it is shown.</summary>
/// <param name="At">When, in Asia/Shanghai.</param>
/// <param name="By">Who.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="Reasons">Why, by field.</param>
internal sealed record StepView(DateTimeOffset At, string By, string? From, string To, IReadOnlyDictionary<string, string> Reasons)
{
    public static StepView Of(StepRow step) => new(BusinessDay.Local(step.At), step.By.Name, step.From?.Name(), step.To.Name(), step.Reasons);
}

/// <summary>An application in a list.</summary>
internal sealed record ApplicationSummary(
    MerchantId MerchantId, DistributorId DistributorId, string State, int Version, string? MerchantName, string? LegalName, string? Licence, DateTimeOffset MovedAt)
{
    public static ApplicationSummary Of(ApplicationRow row) => new(
        row.Merchant, row.Distributor, row.State.Name(), row.Number, row.Form.MerchantName, row.Form.LegalName, row.Form.Licence, BusinessDay.Local(row.MovedAt));
}

/// <summary>Body of <c>submit</c>.</summary>
internal sealed record SubmitBody(int? Version = null);

/// <summary>Body of <c>send</c>: <c>bank</c> or <c>manual</c>.</summary>
internal sealed record SendBody(string? To = null);

/// <summary>Body of <c>return</c>: what is to be corrected, by field.</summary>
internal sealed record ReturnBody(IReadOnlyDictionary<string, string>? Reasons = null);

/// <summary>Body of what is done for a reason.</summary>
internal sealed record ReasonBody(string? Reason = null);

/// <summary>Body of <c>approve</c>: the verification code, keyed in twice.</summary>
internal sealed record ApproveBody(string? Code = null, string? CodeAgain = null);
