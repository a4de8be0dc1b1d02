using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>
/// One line of a machine's journal: what one tap, or its reversal, did to one lot of one account. Never changed once it is stored. A tap that spends three lots makes
/// three entries with the same <see cref="TapId"/>.
/// </summary>
public sealed record CardEntry
{
    /// <summary>1, 2, 3 … within the epoch, without holes.</summary>
    public required long Seq { get; init; }

    /// <summary>The tap, or the reversal, that this is a part of.</summary>
    public required TapId TapId { get; init; }

    /// <summary>Which part, from 0; the first one counts as the tap in <see cref="SpendCounters"/>.</summary>
    public int Part { get; init; }

    /// <summary>Whose money.</summary>
    public required AccountId AccountId { get; init; }

    /// <summary>The card that was presented; for a reversal the one of its tap.</summary>
    public required CardNo CardNo { get; init; }

    /// <summary>Which purse.</summary>
    public required Purse Purse { get; init; }

    /// <summary>Which lot of it.</summary>
    public required string Lot { get; init; }

    /// <summary>What it does.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>In fen, 0 to <see cref="Fen.MaxKeyed"/>; 0 only with <see cref="EntryKind.Count"/>, or for a meal that costs nothing.</summary>
    public required Fen Amount { get; init; }

    /// <summary>What the machine believed to be left in the lot after it, in fen.</summary>
    public required Fen BalanceAfter { get; init; }

    /// <summary>When, by the machine's corrected clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The business day that it counts to, set once by the machine; a reversal has its tap's.</summary>
    public required DateOnly PostingDay { get; init; }

    /// <summary>The meal that it counts to; a reversal has its tap's.</summary>
    public required Meal MealPeriod { get; init; }

    /// <summary>How the till was working.</summary>
    public required TapMode Mode { get; init; }

    /// <summary>The price before the discount of the card's type, in fen, on the first part; absent where it is what was debited.</summary>
    public Fen? Price { get; init; }

    /// <summary>In <see cref="TapMode.Item"/>, what was sold, on the first part.</summary>
    public IReadOnlyList<SoldItem>? Items { get; init; }

    /// <summary>With <see cref="EntryKind.Reversal"/>: the tap that is taken back.</summary>
    public TapId? Reverses { get; init; }

    /// <summary>The machine had no link when it approved it.</summary>
    public bool Offline { get; init; }

    /// <summary>The number was typed by a reader that knows no more than the UID, which can be copied.</summary>
    public bool TypedUid { get; init; }

    /// <summary>What it does to the lot, signed, in fen.</summary>
    [JsonIgnore]
    public Fen Change => Kind switch
    {
        EntryKind.Debit => Fen.Zero - Amount,
        EntryKind.Reversal => Amount,
        EntryKind.Count => Fen.Zero,
        _ => throw new InvalidOperationException($"{Kind} is not a kind of entry."),
    };

    /// <summary>What it does to the number of taps: 1 for the first part of a tap, -1 for the first part of a reversal.</summary>
    [JsonIgnore]
    public int Taps => (Part, Kind) switch
    {
        (not 0, _) => 0,
        (_, EntryKind.Reversal) => -1,
        _ => 1,
    };
}

/// <summary>What an entry does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntryKind>))]
public enum EntryKind
{
    /// <summary>消费: money is spent.</summary>
    [JsonStringEnumMemberName("debit")]
    Debit,

    /// <summary>计次: a meal is counted, no money moves.</summary>
    [JsonStringEnumMemberName("count")]
    Count,

    /// <summary>撤销: the machine takes its last tap back.</summary>
    [JsonStringEnumMemberName("reversal")]
    Reversal,
}

/// <summary>How a till works.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TapMode>))]
public enum TapMode
{
    /// <summary>任意: the cashier keys the amount.</summary>
    [JsonStringEnumMemberName("free")]
    Free,

    /// <summary>定额: the meal has a price, a tap needs no key.</summary>
    [JsonStringEnumMemberName("fixed")]
    Fixed,

    /// <summary>计次: a tap counts one meal.</summary>
    [JsonStringEnumMemberName("count")]
    Count,

    /// <summary>编号: the cashier keys item numbers.</summary>
    [JsonStringEnumMemberName("item")]
    Item,
}

/// <summary>So many of one item.</summary>
/// <param name="No">Its number, 1 to 999.</param>
/// <param name="Count">How many, 1 to 99.</param>
/// <param name="Price">What one cost, in fen.</param>
public sealed record SoldItem(int No, int Count, Fen Price);
