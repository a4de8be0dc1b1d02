using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>How far a machine's journal is booked. Its entries beyond <see cref="Through"/> mean nothing, also where the ledger has rows of them.</summary>
/// <param name="Merchant">Whose journal.</param>
/// <param name="Device">The machine.</param>
/// <param name="Epoch">The journal.</param>
/// <param name="Through">The last entry that is booked.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record CursorRow(MerchantId Merchant, DeviceId Device, Epoch Epoch, long Through, EntryHash Hash) : ITableEntity<CursorRow>
{
    /// <summary>The journal's last entry as the machine last said with a batch that was booked: what lies between is possibly unsent.</summary>
    public long LastSeq { get; init; }

    /// <summary>The posting day of the last entry; null when none is booked.</summary>
    public DateOnly? PostingDay { get; init; }

    /// <summary>From which entry on the journal went on on which posting day, the newest changes: a booked entry is found without a search.</summary>
    public JournalDays Days { get; init; } = JournalDays.None;

    /// <summary>When the cloud first heard of it; null where that was not noted.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>Since when a reversal waits for its tap, which another journal of the machine has to bring; null when none does.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>Why nothing of the journal is booked any more until a person has looked; null when all is well.</summary>
    public string? Parked { get; init; }

    /// <summary>A person has looked: the machine begins another journal and books there again what is not held here. Nothing more is booked here.</summary>
    public bool Restart { get; init; }

    /// <summary>A person has said that nothing more will come of it.</summary>
    public bool Ended { get; init; }

    /// <summary>The version that was read; default for one that was made here.</summary>
    public ETag Version { get; init; }

    /// <summary>Whether batches are booked.</summary>
    public bool IsOpen => Parked is null && !Restart;

    /// <summary>The journal's key in <see cref="CardAccount.Applied"/>.</summary>
    public string Journal => CardAccount.JournalKey(Device, Epoch);

    /// <summary>The cursor before a journal's first entry.</summary>
    public static CursorRow Begin(MerchantId merchant, DeviceId device, Epoch epoch) => new(merchant, device, epoch, 0, EntryHash.Genesis(merchant, device, epoch));

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, CardKeys.Cursor(Device, Epoch))
        {
            ["Through"] = Through,
            ["Hash"] = Hash.Value,
            ["LastSeq"] = LastSeq,
            ["Restart"] = Restart,
            ["Ended"] = Ended,
        };
        row.SetIfAny("PostingDay", PostingDay);
        row.SetIfAny("Parked", Parked);
        row.SetIfAny("OpenedAt", OpenedAt);
        row.SetIfAny("WaitsSince", WaitsSince);
        row.SetIfAny("Days", Days.Text);
        return row;
    }

    /// <inheritdoc/>
    public static CursorRow FromTableEntity(TableEntity row)
    {
        var journal = row.RowKey[CardKeys.CursorPrefix.Length..];
        return new(
            MerchantId.Parse(row.PartitionKey),
            DeviceId.Parse(journal[..DeviceId.Length]),
            Epoch.Parse(journal[(DeviceId.Length + 1)..]),
            row.GetInt64("Through") ?? 0,
            EntryHash.Parse(row.Text("Hash")))
        {
            LastSeq = row.GetInt64("LastSeq") ?? 0,
            PostingDay = row.Date("PostingDay"),
            Parked = row.GetString("Parked"),
            OpenedAt = row.GetDateTimeOffset("OpenedAt"),
            WaitsSince = row.GetDateTimeOffset("WaitsSince"),
            Days = JournalDays.Parse(row.GetString("Days")),
            Restart = row.GetBoolean("Restart") ?? false,
            Ended = row.GetBoolean("Ended") ?? false,
            Version = row.ETag,
        };
    }
}
