using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>A tap that was approved, or the reversal of one: what the journal gets, one entry for each part.</summary>
internal sealed record Tap
{
    /// <summary>Drawn by this machine.</summary>
    public required TapId Id { get; init; }

    /// <summary>Debit, count or reversal.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>Whose money.</summary>
    public required AccountId AccountId { get; init; }

    /// <summary>The card that was presented.</summary>
    public required CardNo CardNo { get; init; }

    /// <summary>The holder, as the screen shows it; not part of the journal.</summary>
    public string? Holder { get; init; }

    /// <summary>Lot by lot, in the order in which they are spent; never empty (a count, or a free meal, has one part of nothing).</summary>
    public required IReadOnlyList<TapPart> Parts { get; init; }

    /// <summary>The price before discount, in fen; null where it is the amount.</summary>
    public Fen? Price { get; init; }

    /// <summary>When, by the corrected clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The business day that it counts to.</summary>
    public required DateOnly PostingDay { get; init; }

    /// <summary>The meal that it counts to.</summary>
    public required Meal Meal { get; init; }

    /// <summary>How the till was working.</summary>
    public required TapMode Mode { get; init; }

    /// <summary>What was sold by number.</summary>
    public IReadOnlyList<SoldItem> Items { get; init; } = [];

    /// <summary>For a reversal: the tap that it takes back.</summary>
    public TapId? Reverses { get; init; }

    /// <summary>There was no link.</summary>
    public bool Offline { get; init; }

    /// <summary>A keyboard reader typed the UID.</summary>
    public bool TypedUid { get; init; }

    /// <summary>What can still be spent of the account, in fen, as the machine knows; shown, not part of the journal.</summary>
    public required Fen Left { get; init; }

    /// <summary>Version of the account by which it was decided; null for one that was read back. Not part of the journal.</summary>
    public long? DecidedBy { get; init; }

    /// <summary>In fen, over all parts.</summary>
    public Fen Amount => Parts.Aggregate(Fen.Zero, (sum, part) => sum + part.Amount);
}

/// <summary>What a tap takes from one lot, or gives back to it.</summary>
/// <param name="Purse">Which purse.</param>
/// <param name="Lot">Which lot of it.</param>
/// <param name="Amount">In fen, not negative.</param>
/// <param name="BalanceAfter">What is left in the lot then, in fen.</param>
internal sealed record TapPart(Purse Purse, string Lot, Fen Amount, Fen BalanceAfter);
