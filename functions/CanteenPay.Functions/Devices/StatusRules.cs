using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>What a machine may say of itself: whatever else arrives was not made by our agent.</summary>
internal static class StatusRules
{
    private const int MaxVersion = 64;
    private const int MaxEpoch = 16;

    /// <summary>The protocol's 200 characters, and room for an agent that counts them otherwise.</summary>
    private const int MaxError = 400;

    /// <summary>No clock that was set once shows less, and storage keeps no date before 1601.</summary>
    private const int FirstYear = 1970;

    private const int LastYear = 2200;

    /// <summary>What cannot be, in words; null when all can.</summary>
    public static string? Problem(DeviceStatus status) => status switch
    {
        { Version.Length: 0 or > MaxVersion } => $"its version has {status.Version.Length} characters",
        { Epoch.Length: > MaxEpoch } => $"its epoch has {status.Epoch.Length} characters",
        { LastError.Length: > MaxError } => $"its last error has {status.LastError.Length} characters",
        { Unsent: < 0 } or { OldestUnsentAgeS: < 0 } or { OfflineForS: < 0 } or { OpenOrders: < 0 } or { DiskFreeBytes: < 0 } or { FeedVersion: < 0 } or { SettingsVersion: < 0 }
            => "a count is negative",
        { Journals.Count: > DeviceStatus.MaxJournals } => $"it names {status.Journals.Count} journals",
        _ when status.Journals.Any(journal => journal.Through < 0 || journal.LastSeq < 0) => "a journal's number is negative",
        { Clock.Year: < FirstYear or > LastYear } => $"its clock shows the year {status.Clock.Year}",
        _ => null,
    };
}
