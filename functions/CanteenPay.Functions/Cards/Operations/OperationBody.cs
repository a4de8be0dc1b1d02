namespace CanteenPay.Functions.Cards.Operations;

/// <summary>What an operation is asked for with; each takes the fields that it needs. Amounts in fen, days as <c>yyyy-MM-dd</c>.</summary>
internal sealed record OperationBody
{
    /// <summary>The key, for callers that cannot send the header <c>Idempotency-Key</c>.</summary>
    public string? Key { get; init; }

    /// <summary>In fen.</summary>
    public long? Amount { get; init; }

    /// <summary>The last day of a subsidy.</summary>
    public string? ValidUntil { get; init; }

    /// <summary>A card's number.</summary>
    public string? CardNo { get; init; }

    /// <summary>The number of the card that takes its place.</summary>
    public string? NewCardNo { get; init; }

    /// <summary>The type of a new account's cards.</summary>
    public string? CardType { get; init; }

    /// <summary>The holder.</summary>
    public string? Name { get; init; }

    /// <summary>The holder's department.</summary>
    public string? Department { get; init; }

    /// <summary>What stays when the rest is paid out, in fen.</summary>
    public long? Withhold { get; init; }

    /// <summary>A subsidy's lot.</summary>
    public string? Lot { get; init; }

    /// <summary>The key of the operation that is taken back.</summary>
    public string? Operation { get; init; }

    /// <summary>The tap that is taken back.</summary>
    public TapBody? Tap { get; init; }
}

/// <summary>Where a tap stands in the ledger.</summary>
internal sealed record TapBody(string PostingDay, string DeviceId, string Epoch, long Seq);
