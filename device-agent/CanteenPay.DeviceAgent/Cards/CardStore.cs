using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>The journal of taps and the accounts of all cards, in the machine's database.</summary>
internal sealed class CardStore
{
    /// <summary>What the machine knows about a card and about itself, for <see cref="TapRules.Decide"/>.</summary>
    public CardSituation Look(CardNo card) => throw new NotImplementedException();

    /// <summary>Stores a tap or a reversal: one transaction, on the disk when this returns.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">It could not be stored: nothing of it was, and nothing may be approved.</exception>
    public void Append(Tap tap) => throw new NotImplementedException();

    /// <summary>This machine's newest tap or reversal; null when there is none.</summary>
    public Tap? Last() => throw new NotImplementedException();

    /// <summary>The account of a tap as this machine reckons with it.</summary>
    public CardAccount? View(AccountId account) => throw new NotImplementedException();

    /// <summary>This machine's newest taps and reversals, newest first.</summary>
    public IReadOnlyList<Tap> Newest(int count) => throw new NotImplementedException();

    /// <summary>What the till's status line says about cards.</summary>
    public CardStanding Standing() => throw new NotImplementedException();

    /// <summary>The merchant's rules as far as they came; null: none.</summary>
    public CardRules? Rules => throw new NotImplementedException();
}

/// <summary>How cards stand on this machine.</summary>
/// <param name="Stop">Why no card pays here now; null when they do.</param>
/// <param name="Unsent">Entries that the cloud has not acknowledged.</param>
/// <param name="OldestUnsent">When the oldest of them was made, by the corrected clock; null when there is none.</param>
/// <param name="SyncedPercent">While the first snapshot comes, how much of it is here, 0 to 100; null when it is complete.</param>
internal sealed record CardStanding(TapRefusal? Stop, int Unsent, DateTimeOffset? OldestUnsent, int? SyncedPercent);
