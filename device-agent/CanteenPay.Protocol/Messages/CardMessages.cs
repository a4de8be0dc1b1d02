namespace CanteenPay.Protocol;

/// <summary>
/// Machine → cloud: entries of a journal. Applied only if <see cref="First"/> is the cursor + 1 and <see cref="PrevHash"/> the cursor's; answered by
/// <see cref="CardEntriesAck"/> in every case.
/// </summary>
public sealed record CardEntries : DeviceMessage
{
    /// <summary>Most entries of one message.</summary>
    public const int MaxEntries = 90;

    /// <summary>Whose epoch it is: also after the machine was moved.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>The journal.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>Number of the first entry.</summary>
    public required long First { get; init; }

    /// <summary>The hash before the first entry.</summary>
    public required EntryHash PrevHash { get; init; }

    /// <summary>Number of the journal's last entry, sent or not.</summary>
    public required long LastSeq { get; init; }

    /// <summary>When this was sent, by the machine's corrected clock: against the broker's time it shows how wrong that is.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The entries, by number without holes.</summary>
    public required IReadOnlyList<CardEntry> Entries { get; init; }
}

/// <summary>Cloud → machine: how far a journal is booked.</summary>
public sealed record CardEntriesAck : DeviceMessage
{
    /// <summary>Whose epoch it is.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>The journal.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>The cursor: the last entry that is booked.</summary>
    public required long Through { get; init; }

    /// <summary>Its hash. A machine that holds another one under that number, or no such number, was restored from an old image.</summary>
    public required EntryHash Hash { get; init; }

    /// <summary>The <see cref="DeviceMessage.Id"/> of the <see cref="CardEntries"/> that this answers: a late copy of an earlier answer proves nothing about where two journals part.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>The journal is to end: the machine begins a new epoch and books there again what it holds after <see cref="HeldThrough"/>.</summary>
    public bool Restart { get; init; }

    /// <summary>The last of the sent entries (or the one before the first) that the cloud holds as equal; with a batch that could not be applied.</summary>
    public long? HeldThrough { get; init; }

    /// <summary>Its hash: to a machine that holds another one there this says nothing.</summary>
    public EntryHash? HeldHash { get; init; }
}

/// <summary>Machine → cloud: asks for what changed since a version, page by page; also opens the epoch at the cloud, so that a machine sends one before its first tap.</summary>
public sealed record CardsPull : DeviceMessage
{
    /// <summary>Whose accounts.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>The machine's current journal.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>The version that the machine has; 0 asks for everything.</summary>
    public required long HaveVersion { get; init; }

    /// <summary>For the next page: the last account of the page before.</summary>
    public AccountId? AfterAccountId { get; init; }

    /// <summary>For the next page: the version of the page before.</summary>
    public long? AtVersion { get; init; }
}

/// <summary>Cloud → machine: a page of accounts, by id.</summary>
public sealed record CardsPart : DeviceMessage
{
    /// <summary>Whose accounts.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>What the machine asked from: <see cref="CardsPull.HaveVersion"/>, or 0 when everything comes because that is too old.</summary>
    public required long FromVersion { get; init; }

    /// <summary>The version that the machine has once all pages came: the feed's before the first page was read.</summary>
    public required long Version { get; init; }

    /// <summary>Only what changed since <see cref="FromVersion"/>; otherwise everything.</summary>
    public bool Delta { get; init; }

    /// <summary>What the machine asked this page after: an answer to another question is passed over.</summary>
    public AccountId? AfterAccountId { get; init; }

    /// <summary>The accounts.</summary>
    public required IReadOnlyList<CardAccount> Accounts { get; init; }

    /// <summary>There are more.</summary>
    public required bool More { get; init; }
}

/// <summary>Cloud → all machines of a merchant: accounts changed. A gap (<see cref="FromVersion"/> beyond what a machine has) is pulled.</summary>
public sealed record CardsChanged : DeviceMessage
{
    /// <summary>Whose accounts.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>The version before.</summary>
    public required long FromVersion { get; init; }

    /// <summary>The version after.</summary>
    public required long ToVersion { get; init; }

    /// <summary>The accounts, as they are now; an older one than the machine has is passed over.</summary>
    public required IReadOnlyList<CardAccount> Accounts { get; init; }
}

/// <summary>Cloud → machine: how it is to work. Sent when a status shows an older version; stored, and acknowledged by the next status.</summary>
public sealed record MachineSettings : DeviceMessage
{
    /// <summary>Counts up with every change; an older one is passed over.</summary>
    public required long Version { get; init; }

    /// <summary>Whose settings.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>How staff cards pay; absent while the merchant takes none.</summary>
    public CardRules? Cards { get; init; }
}
