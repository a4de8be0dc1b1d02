using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>A message of the queue <c>settlement</c>.</summary>
/// <param name="Type">What is to be done.</param>
/// <param name="Day">The settlement date.</param>
internal sealed record SettlementMessage(SettlementTask Type, DateOnly Day)
{
    /// <summary>Whose statement is to be made.</summary>
    public MerchantId? Merchant { get; init; }

    /// <summary>Which edition is to be delivered; 0 where it is not about one.</summary>
    public int Edition { get; init; }

    /// <summary>Who sent for it, in letters, digits and hyphens: the same sender's second message is dropped by the queue.</summary>
    public string? Run { get; init; }

    /// <summary>How often it was tried before.</summary>
    public int Try { get; init; }
}

/// <summary>What is to be done about a settlement date.</summary>
internal enum SettlementTask
{
    /// <summary>Make a merchant's statement.</summary>
    Settle,

    /// <summary>Make the day's files.</summary>
    Export,

    /// <summary>Tell finance's own system of an edition of them.</summary>
    Deliver,
}
