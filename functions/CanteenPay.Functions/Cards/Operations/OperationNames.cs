using CanteenPay.Functions.Cards.Operations.Rules;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>What operations are called in answers and logs: as in their stored form.</summary>
internal static class OperationNames
{
    /// <summary>The name of an operation's kind.</summary>
    public static string Of(CardOperation operation) => operation switch
    {
        OpenAccount => "open",
        TopUp => "topup",
        GrantSubsidy => "subsidy",
        ReportLost => "lost",
        ReportFound => "found",
        ReplaceCard => "replace",
        CloseAccount => "close",
        ExpireLot => "expire",
        ReverseTap => "reverse-tap",
        ReverseOperation => "reverse-operation",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not an operation."),
    };
}
