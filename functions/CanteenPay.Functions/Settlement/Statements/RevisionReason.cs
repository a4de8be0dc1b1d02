namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>Why a revision was made. Stored by name.</summary>
[Flags]
internal enum RevisionReason
{
    /// <summary>Its rules reckon otherwise than those that made the revision before: another release of ours.</summary>
    Rules = 0,

    /// <summary>It is the first one.</summary>
    First = 1,

    /// <summary>Other postings than before.</summary>
    Postings = 2,

    /// <summary>An earlier day carries another amount.</summary>
    Carried = 4,
}
