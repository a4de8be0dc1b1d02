namespace CanteenPay.Protocol;

/// <summary>Machine → cloud: how the machine is; on start, every 5 minutes, on change. Answered by <see cref="StatusAck"/>.</summary>
public sealed record DeviceStatus : DeviceMessage
{
    /// <summary>Version of the agent.</summary>
    public required string Version { get; init; }

    /// <summary>Made at random with the machine's database: another one than before says that it began anew, after damage or another installation.</summary>
    public string? Epoch { get; init; }

    /// <summary>The machine's card journals, the current one first: how far each goes. At most <see cref="MaxJournals"/>.</summary>
    public IReadOnlyList<JournalState> Journals { get => field ?? []; init; } = [];

    /// <summary>Messages and entries that wait to be sent.</summary>
    public required int Unsent { get; init; }

    /// <summary>Age of the oldest of them in seconds.</summary>
    public long OldestUnsentAgeS { get; init; }

    /// <summary>Seconds without a connection before this one.</summary>
    public long OfflineForS { get; init; }

    /// <summary>Version of the merchant's card feed that the machine holds; 0 before its first snapshot is complete.</summary>
    public long FeedVersion { get; init; }

    /// <summary>Version of its settings.</summary>
    public long SettingsVersion { get; init; }

    /// <summary>Orders without an end state.</summary>
    public required int OpenOrders { get; init; }

    /// <summary>The machine's own clock when it sent this.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>Free bytes on the disk that holds the machine's database.</summary>
    public required long DiskFreeBytes { get; init; }

    /// <summary>The last error that an operator should see, at most 200 characters.</summary>
    public string? LastError { get; init; }

    /// <summary>Most journals that a status names: the newest.</summary>
    public const int MaxJournals = 20;
}

/// <summary>How far a card journal goes on the machine.</summary>
/// <param name="Epoch">The journal.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="LastSeq">Its last entry.</param>
/// <param name="Through">Its last entry that the cloud has acknowledged.</param>
public sealed record JournalState(Epoch Epoch, MerchantId MerchantId, long LastSeq, long Through);

/// <summary>How far the cloud has booked a card journal.</summary>
/// <param name="Epoch">The journal.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="Through">The last entry that is booked.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Restart">The journal is to end: the machine begins a new one.</param>
public sealed record JournalCursor(Epoch Epoch, MerchantId MerchantId, long Through, EntryHash Hash, bool Restart);

/// <summary>The machine's will: the broker says it when the connection is lost without a goodbye.</summary>
public sealed record DeviceOffline : DeviceMessage;

/// <summary>Cloud → machine: the time and where the cloud stands; the machine compares and pulls what it lacks.</summary>
public sealed record StatusAck : DeviceMessage
{
    /// <summary>The cloud's clock when it answered.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The <see cref="DeviceMessage.Id"/> of the status that this answers: an answer to an older one says nothing about the time.</summary>
    public required string InReplyTo { get; init; }

    /// <summary>Version of the merchant's card feed.</summary>
    public long FeedVersion { get; init; }

    /// <summary>Where the journals of the status stand at the cloud; one that it has never heard of is absent.</summary>
    public IReadOnlyList<JournalCursor> Cursors { get => field ?? []; init; } = [];

    /// <summary>Version of the machine's settings.</summary>
    public long SettingsVersion { get; init; }
}
