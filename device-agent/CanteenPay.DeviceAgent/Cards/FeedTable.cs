using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>How far this machine has the merchant's feed.</summary>
/// <param name="Version">The version that it has.</param>
/// <param name="Synced">It has every account: a first snapshot has come since the current journal began.</param>
/// <param name="Pull">The pages that came of what is being pulled; null: none, or the first is still to come.</param>
internal sealed record FeedPosition(long Version, bool Synced, PullPosition? Pull)
{
    /// <summary>Nothing has come.</summary>
    public static readonly FeedPosition None = new(0, Synced: false, Pull: null);
}

/// <summary>How far a pull has come.</summary>
/// <param name="From">What the pages change: the version that the machine had, 0 for a snapshot.</param>
/// <param name="At">The version that it has once all came.</param>
/// <param name="After">The last account that came.</param>
internal sealed record PullPosition(long From, long At, AccountId After);

/// <summary>Keeps it, in the same transactions as the accounts.</summary>
internal sealed class FeedTable(AgentDatabase database)
{
    private FeedPosition? known;

    /// <summary>How far it has come.</summary>
    public FeedPosition Get() => database.Consistently(() =>
    {
        if (known is not null)
            return known;
        var position = Read();
        // What a transaction has put may be taken back.
        if (!database.IsInTransaction)
            known = position;
        return position;
    });

    /// <summary>Notes how far it has come.</summary>
    public void Put(FeedPosition position) => database.Consistently(() =>
    {
        known = null;
        return database.Run(
            "INSERT OR REPLACE INTO card_feed (id, version, synced, pull_from, pull_at, pull_after) VALUES (1, $version, $synced, $from, $at, $after)",
            ("$version", position.Version),
            ("$synced", position.Synced),
            ("$from", position.Pull?.From),
            ("$at", position.Pull?.At),
            ("$after", position.Pull?.After.Value));
    });

    private FeedPosition Read() => database.Query(
        "SELECT version, synced, pull_from, pull_at, pull_after FROM card_feed",
        row => new FeedPosition(
            row.GetInt64(0),
            row.GetBoolean(1),
            row.IsDBNull(4) ? null : new(row.GetInt64(2), row.GetInt64(3), AccountId.Parse(row.GetString(4))))) is [var position] ? position : FeedPosition.None;
}
