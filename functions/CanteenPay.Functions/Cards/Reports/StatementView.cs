using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>对账单: an account's lines of some days; amounts in fen.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="From">The first posting day.</param>
/// <param name="To">The last posting day.</param>
/// <param name="Balance">What the account holds now.</param>
/// <param name="Change">What these days changed.</param>
/// <param name="Totals">By kind.</param>
/// <param name="Lines">In the order in which they were made.</param>
/// <param name="IsCut">There are more lines than are shown, and than are summed here.</param>
internal sealed record StatementView(
    AccountId AccountId, DateOnly From, DateOnly To, Fen Balance, Fen Change, IReadOnlyList<KindTotal> Totals, IReadOnlyList<LineView> Lines, bool IsCut);

/// <summary>流水: a machine's lines of a posting day, as far as they are booked; amounts in fen.</summary>
/// <param name="DeviceId">The machine.</param>
/// <param name="Day">The posting day.</param>
/// <param name="Totals">By meal and kind.</param>
/// <param name="Lines">Journal by journal.</param>
/// <param name="IsCut">There are more lines than are shown, and than are summed here.</param>
internal sealed record MachineDayView(DeviceId DeviceId, DateOnly Day, IReadOnlyList<KindTotal> Totals, IReadOnlyList<LineView> Lines, bool IsCut);

/// <summary>What lines of a kind come to.</summary>
/// <param name="Meal">The meal; absent where they are not told apart by it.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Taps">How many taps, or operations: a tap of several parts counts once.</param>
/// <param name="Amount">In fen.</param>
internal sealed record KindTotal(Meal? Meal, LedgerKind Kind, int Taps, Fen Amount)
{
    /// <summary>The totals of some lines.</summary>
    public static IReadOnlyList<KindTotal> Of(IEnumerable<LedgerRow> rows, bool byMeal) =>
    [
        .. rows.GroupBy(row => (Meal: byMeal ? row.Entry.Tapped?.MealPeriod : null, row.Entry.Kind)).OrderBy(group => group.Key).Select(group => new KindTotal(
            group.Key.Meal,
            group.Key.Kind,
            group.Count(row => row.Entry.Tapped is not { Part: > 0 }),
            group.Aggregate(Fen.Zero, (sum, row) => sum + row.Entry.Amount))),
    ];
}

/// <summary>A line of the ledger as it is shown; amounts in fen, the card's number masked.</summary>
internal sealed record LineView(DateTimeOffset At, DateOnly PostingDay, LedgerKind Kind, Purse Purse, string Lot, Fen Amount, Fen Change, Fen BalanceAfter)
{
    /// <summary>The account; absent in its own statement.</summary>
    public AccountId? AccountId { get; init; }

    /// <summary>The meal that it counts to.</summary>
    public Meal? Meal { get; init; }

    /// <summary>The machine.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The machine's journal.</summary>
    public string? Epoch { get; init; }

    /// <summary>Its number there.</summary>
    public long? Seq { get; init; }

    /// <summary>The tap.</summary>
    public TapId? TapId { get; init; }

    /// <summary>The tap that it takes back.</summary>
    public TapId? Reverses { get; init; }

    /// <summary>The last digits of the card.</summary>
    public string? Card { get; init; }

    /// <summary>The operation.</summary>
    public string? Operation { get; init; }

    /// <summary>The machine had no link.</summary>
    public bool? Offline { get; init; }

    /// <summary>What somebody should look at; absent when nothing.</summary>
    public EntryFlags? Flags { get; init; }

    public static LineView Of(LedgerRow row, bool withAccount)
    {
        var (entry, tapped) = (row.Entry, row.Entry.Tapped);
        var isMachine = JournalKey.TryRead(row.RowKey, out var journal, out _);
        return new(BusinessDay.Local(entry.At), entry.PostingDay, entry.Kind, entry.Purse, entry.Lot, entry.Amount, entry.Change, entry.BalanceAfter)
        {
            AccountId = withAccount ? entry.AccountId : null,
            Meal = tapped?.MealPeriod,
            DeviceId = isMachine ? journal![..Protocol.DeviceId.Length] : null,
            Epoch = isMachine ? journal![(Protocol.DeviceId.Length + 1)..] : null,
            Seq = tapped?.Seq,
            TapId = tapped?.TapId,
            Reverses = tapped?.Reverses,
            Card = tapped?.CardNo.ToString(),
            Operation = entry.Operation,
            Offline = tapped is { Offline: true } ? true : null,
            Flags = entry.Flags == EntryFlags.None ? null : entry.Flags,
        };
    }
}
