namespace CanteenPay.DeviceAgent.Cards;

/// <summary>What taps may take of this machine.</summary>
/// <param name="UnsentEntries">Most entries that wait for the cloud; beyond them no card pays.</param>
/// <param name="DatabaseBytes">What the whole database may take; taps leave an eighth of it to payments.</param>
internal sealed record CardLimits(int UnsentEntries, long DatabaseBytes)
{
    /// <summary>Most entries that wait for the cloud, where nothing else is set: four weeks of a busy till.</summary>
    public const int DefaultUnsentEntries = 50_000;

    /// <summary>What may be set: these take a third of the database.</summary>
    public const int MostUnsentEntries = 200_000;

    /// <summary>Beyond this the database takes no taps and no accounts.</summary>
    public long TapBytes => DatabaseBytes / 8 * 7;
}
