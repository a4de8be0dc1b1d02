using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>A machine's journal as the cloud sees it: entries with their running hash, sent in batches of any cut.</summary>
internal sealed class Journal
{
    private readonly List<CardEntry> _entries = [];
    private readonly List<EntryHash> _hashes;

    public Journal(DeviceId? device = null, MerchantId? merchant = null, string epoch = "EP0CH001")
    {
        (Device, Merchant, Epoch) = (device ?? World.Machine, merchant ?? World.Merchant, Epoch.Parse(epoch));
        _hashes = [EntryHash.Genesis(Merchant, Device, Epoch)];
    }

    public DeviceId Device { get; }

    public MerchantId Merchant { get; }

    public Epoch Epoch { get; }

    public string Key => CardAccount.JournalKey(Device, Epoch);

    public long LastSeq => _entries.Count;

    public IReadOnlyList<CardEntry> Entries => _entries;

    /// <summary>The hash after an entry; 0 for the beginning.</summary>
    public EntryHash HashAt(long seq) => _hashes[(int)seq];

    /// <summary>Appends an entry; what it says of itself can be changed.</summary>
    public CardEntry Tap(CardAccount account, long fen, Func<CardEntry, CardEntry>? with = null)
    {
        var entry = new CardEntry
        {
            Seq = LastSeq + 1,
            TapId = TapId.New(Crockford.Random),
            AccountId = account.AccountId,
            CardNo = account.Cards[0].No,
            Purse = Purse.Cash,
            Lot = PurseLot.Cash,
            Kind = EntryKind.Debit,
            Amount = new Fen(fen),
            BalanceAfter = account.Balance - new Fen(fen),
            At = World.Noon,
            PostingDay = BusinessDay.Of(World.Noon),
            MealPeriod = Meal.Lunch,
            Mode = TapMode.Free,
        };
        return Append(with?.Invoke(entry) ?? entry);
    }

    /// <summary>Appends an entry as it is.</summary>
    public CardEntry Append(CardEntry entry)
    {
        _entries.Add(entry);
        _hashes.Add(_hashes[^1].Then(entry));
        return entry;
    }

    /// <summary>Takes a tap back.</summary>
    public CardEntry Reverse(CardEntry tap, Func<CardEntry, CardEntry>? with = null)
    {
        var entry = tap with { Seq = LastSeq + 1, TapId = TapId.New(Crockford.Random), Kind = EntryKind.Reversal, Reverses = tap.TapId, Items = null, Price = null };
        return Append(with?.Invoke(entry) ?? entry);
    }

    /// <summary>The journal as it was after an entry: a disk image.</summary>
    public Journal ImageAt(long seq)
    {
        var image = new Journal(Device, Merchant, Epoch.Value);
        image._entries.AddRange(_entries.Take((int)seq));
        image._hashes.AddRange(_hashes.Skip(1).Take((int)seq));
        return image;
    }

    /// <summary>Entries from one to another, as they are sent.</summary>
    public CardEntries Batch(long first = 1, long? last = null, DateTimeOffset? sentAt = null) => new()
    {
        MerchantId = Merchant,
        Epoch = Epoch,
        First = first,
        PrevHash = HashAt(first - 1),
        LastSeq = LastSeq,
        SentAt = sentAt ?? World.Noon,
        Entries = [.. _entries.Skip((int)first - 1).Take((int)((last ?? LastSeq) - first + 1))],
    };

    public CardsPull Pull(long have = 0, AccountId? after = null, long? at = null) =>
        new() { MerchantId = Merchant, Epoch = Epoch, HaveVersion = have, AfterAccountId = after, AtVersion = at };
}
