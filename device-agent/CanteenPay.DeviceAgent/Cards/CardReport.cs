using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>What a status says about cards.</summary>
/// <param name="Journals">The current journal first; those that are torn are not named, because nobody knows their end.</param>
/// <param name="FeedVersion">The feed's version that is complete here; 0 before the first snapshot.</param>
/// <param name="SettingsVersion">The rules' version.</param>
/// <param name="Unsent">Entries that the cloud has not acknowledged.</param>
/// <param name="OldestUnsent">When the oldest of them was made.</param>
internal sealed record CardReport(IReadOnlyList<JournalState> Journals, long FeedVersion, long SettingsVersion, int Unsent, DateTimeOffset? OldestUnsent)
{
    /// <summary>As things stand now.</summary>
    public static CardReport Of(CardTables tables) => tables.Database.Consistently(() => new CardReport(
        [.. tables.Journals.All.Where(journal => !journal.Torn).OrderBy(journal => journal.Stage != JournalStage.Current).Take(DeviceStatus.MaxJournals).Select(journal => journal.State)],
        tables.Feed.Get() is { Synced: true } position ? position.Version : 0,
        tables.Settings.Version,
        CountUnsent(tables),
        FindOldestUnsent(tables)));

    /// <summary>Entries that the cloud has not acknowledged.</summary>
    public static int CountUnsent(CardTables tables) => (int)tables.Journals.All.Sum(journal => journal.Unsent);

    /// <summary>When the oldest of them was made.</summary>
    public static DateTimeOffset? FindOldestUnsent(CardTables tables) => tables.Journals.All
        .Where(journal => journal.Unsent > 0)
        .SelectMany(journal => tables.Journals.Read(journal, journal.Acked + 1, 1))
        .Min(stored => (DateTimeOffset?)stored.Entry.At);
}
