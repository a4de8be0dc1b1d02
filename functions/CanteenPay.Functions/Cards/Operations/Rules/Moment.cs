namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>Under which key and when an operation is done.</summary>
/// <param name="Key">The operation's key.</param>
/// <param name="PostingDay">The business day that its entries count to, set when it was asked for.</param>
/// <param name="Now">The cloud's clock.</param>
internal sealed record Moment(string Key, DateOnly PostingDay, DateTimeOffset Now);

/// <summary>What an operation's rules must know beside the account.</summary>
internal sealed record Facts
{
    /// <summary>Whose card the new number is already; null when it is free.</summary>
    public Protocol.AccountId? OwnerOfNewCard { get; init; }

    /// <summary>The merchant's card rules; null when there are none.</summary>
    public Protocol.CardRules? Rules { get; init; }

    /// <summary>The parts of the tap that is to be taken back; null when there is no such tap, or it is not booked.</summary>
    public IReadOnlyList<Protocol.CardEntry>? Tap { get; init; }

    /// <summary>What the operation that is to be taken back moved; null when there is no such operation of this account, or it was refused.</summary>
    public IReadOnlyList<Cards.Rules.LedgerEntry>? Operation { get; init; }

    /// <summary>That was taken back before.</summary>
    public bool ReversedBefore { get; init; }
}
