using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>A journal of this machine: its entries are numbered 1, 2, 3 … without holes, and belong to one merchant for ever.</summary>
/// <param name="Id">Counts up: the current journal has the largest.</param>
/// <param name="Merchant">Whose entries.</param>
/// <param name="Epoch">Its name.</param>
/// <param name="Stage">How it stands.</param>
/// <param name="Last">Its last entry; 0 when it has none.</param>
/// <param name="LastHash">The hash after it.</param>
/// <param name="Acked">The last entry that the cloud has booked, as far as this machine was told.</param>
internal sealed record Journal(long Id, MerchantId Merchant, Epoch Epoch, JournalStage Stage, long Last, EntryHash LastHash, long Acked)
{
    /// <summary>As far as entries were acknowledged because the cloud held them as equal while its cursor contradicted this journal; 0: never.</summary>
    public long Held { get; init; }

    /// <summary>Of a finished journal, its last entry that was not booked again elsewhere.</summary>
    public long? Kept { get; init; }

    /// <summary>Of a finished journal, the cloud's cursor when it was finished: nothing more comes.</summary>
    public long? Told { get; init; }

    /// <summary>Taken over from a damaged database in which later entries may have been lost: it is never said to be complete.</summary>
    public bool Torn { get; init; }

    /// <summary>Entries that the cloud has not acknowledged.</summary>
    public long Unsent => Stage == JournalStage.Finished ? 0 : Last - Acked;

    /// <summary>As a status tells it.</summary>
    public JournalState State => Told is { } told ? new(Epoch, Merchant, told, told) : new(Epoch, Merchant, Last, Acked);
}

/// <summary>How a journal stands. Stored by name.</summary>
internal enum JournalStage
{
    /// <summary>It takes new entries; at most one does.</summary>
    Current,

    /// <summary>It takes no more entries, and is sent until all are acknowledged.</summary>
    Old,

    /// <summary>It and the cloud's contradict each other, or the cloud has ended it: what the cloud does not hold was booked again elsewhere, nothing of it is sent.</summary>
    Finished,
}

/// <summary>An entry in the database.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Hash">The journal's hash after it.</param>
/// <param name="Length">Bytes of its text: about what it takes in a message.</param>
internal sealed record StoredEntry(CardEntry Entry, EntryHash Hash, int Length);
