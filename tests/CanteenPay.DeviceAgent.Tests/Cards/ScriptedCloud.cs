using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>A cloud small enough to see whole: it books what continues a journal, answers pulls page by page, and tells what changed when the test says so.</summary>
internal sealed class ScriptedCloud
{
    private readonly Lock gate = new();
    private FakeBroker broker;
    private readonly MerchantId merchant;

    public ScriptedCloud(FakeBroker broker, CardRules? rules = null, MerchantId? merchant = null)
    {
        (this.broker, this.merchant, Rules) = (broker, merchant ?? TillRig.Merchant, rules ?? Samples.Rules);
        Attach(broker);
    }

    /// <summary>The machine comes with another connection.</summary>
    public FakeBroker Attach(FakeBroker connection)
    {
        broker = connection;
        broker.AnswersStatus = false;
        broker.Sees = Answer;
        return broker;
    }

    public CardRules Rules { get; }

    public SortedDictionary<string, CardAccount> Accounts { get; } = new(StringComparer.Ordinal);

    public Dictionary<Epoch, List<(CardEntry Entry, EntryHash Hash)>> Ledger { get; } = [];

    public long Version { get; set; } = 1;

    public int PageSize { get; set; } = 10;

    /// <summary>What it would answer is lost.</summary>
    public Func<DeviceMessage, bool> Loses { get; set; } = _ => false;

    /// <summary>It gives its answers so many times.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>Epochs that it ends.</summary>
    public HashSet<Epoch> Restarts { get; } = [];

    /// <summary>It says which message it answers.</summary>
    public bool NamesQuestion { get; set; } = true;

    public IEnumerable<CardEntry> Booked => Ledger.Values.SelectMany(entries => entries.Select(each => each.Entry));

    public void Open(params IEnumerable<CardAccount> accounts)
    {
        lock (gate)
        {
            foreach (var account in accounts)
                Accounts[account.AccountId.Value] = account;
        }
    }

    /// <summary>Changes an account; all machines are told unless the message is lost.</summary>
    public void Change(AccountId id, Func<CardAccount, CardAccount> change, bool tell = true)
    {
        lock (gate)
        {
            var account = Accounts[id.Value];
            Accounts[id.Value] = account = change(account) with { Version = account.Version + 1 };
            Version++;
            if (tell)
                Say(new CardsChanged { MerchantId = merchant, FromVersion = Version - 1, ToVersion = Version, Accounts = [account] });
        }
    }

    /// <summary>Its rows are put back to when it had so many entries of a journal; it has no record of the others. A machine that was told of them is told more of the accounts.</summary>
    public void PutBack(Epoch epoch, int kept)
    {
        lock (gate)
        {
            var journal = Ledger[epoch];
            foreach (var (entry, _) in journal.Skip(kept))
            {
                var account = Accounts[entry.AccountId.Value];
                var applied = new Dictionary<string, long>(account.Applied, StringComparer.Ordinal) { [CardAccount.JournalKey(TillRig.Device, epoch)] = kept };
                Accounts[entry.AccountId.Value] = AccountView.Change(account, entry.Lot, entry.Purse, Fen.Zero - entry.Change) with { Version = account.Version + 1, Applied = applied };
            }

            journal.RemoveRange(kept, journal.Count - kept);
        }
    }

    public EntryHash HashAt(Epoch epoch, long seq) =>
        seq == 0 ? EntryHash.Genesis(merchant, TillRig.Device, epoch) : Ledger[epoch][(int)seq - 1].Hash;

    public void Answer(DeviceMessage message)
    {
        lock (gate)
        {
            switch (message)
            {
                case DeviceStatus status:
                    Say(AckOf(status));
                    if (status.SettingsVersion < 1)
                        Say(new MachineSettings { Version = 1, MerchantId = merchant, Cards = Rules });
                    break;
                case CardsPull pull:
                    Ledger.TryAdd(pull.Epoch, []);
                    Say(Page(pull));
                    break;
                case CardEntries batch when batch.MerchantId == merchant:
                    Say(Book(batch));
                    break;
                default:
                    break;
            }
        }
    }

    private void Say(DeviceMessage message)
    {
        if (Loses(message))
            return;
        for (var copy = 0; copy < Copies; copy++)
            broker.Deliver(message);
    }

    private StatusAck AckOf(DeviceStatus status) => new()
    {
        InReplyTo = status.Id,
        Now = status.Clock,
        FeedVersion = Version,
        SettingsVersion = 1,
        Cursors =
        [
            .. status.Journals.Where(journal => journal.MerchantId == merchant && Ledger.ContainsKey(journal.Epoch))
                .Select(journal => Cursor(journal.Epoch)),
        ],
    };

    private JournalCursor Cursor(Epoch epoch) =>
        new(epoch, merchant, Ledger[epoch].Count, HashAt(epoch, Ledger[epoch].Count), Restarts.Contains(epoch));

    private CardsPart Page(CardsPull pull)
    {
        var rest = Accounts.Values.Where(account => pull.AfterAccountId is not { } after || string.CompareOrdinal(account.AccountId.Value, after.Value) > 0).ToList();
        return new()
        {
            MerchantId = merchant,
            FromVersion = pull.HaveVersion,
            Version = pull.AtVersion ?? Version,
            Delta = pull.HaveVersion > 0,
            AfterAccountId = pull.AfterAccountId,
            Accounts = [.. rest.Take(PageSize)],
            More = rest.Count > PageSize,
        };
    }

    private CardEntriesAck Book(CardEntries batch)
    {
        Ledger.TryAdd(batch.Epoch, []);
        var journal = Ledger[batch.Epoch];
        long? held = null;
        if (batch.First == journal.Count + 1 && batch.PrevHash == HashAt(batch.Epoch, journal.Count) && !Restarts.Contains(batch.Epoch))
        {
            foreach (var entry in batch.Entries)
                Book(batch.Epoch, entry);
        }
        else
            held = Compare(batch, journal);

        var cursor = Cursor(batch.Epoch);
        return new()
        {
            MerchantId = merchant,
            Epoch = batch.Epoch,
            Through = cursor.Through,
            Hash = cursor.Hash,
            Restart = cursor.Restart,
            InReplyTo = NamesQuestion ? batch.Id : null,
            HeldThrough = held,
            HeldHash = held is { } at ? HashAt(batch.Epoch, at) : null,
        };
    }

    private void Book(Epoch epoch, CardEntry entry)
    {
        var journal = Ledger[epoch];
        journal.Add((entry, HashAt(epoch, journal.Count).Then(entry)));
        entry.Seq.ShouldBe(journal.Count);
        var account = AccountView.Apply(Accounts[entry.AccountId.Value], entry);
        Accounts[entry.AccountId.Value] = account with
        {
            Version = account.Version + 1,
            Applied = new Dictionary<string, long>(account.Applied) { [CardAccount.JournalKey(TillRig.Device, epoch)] = entry.Seq },
        };
        Version++;
    }

    private long? Compare(CardEntries batch, List<(CardEntry Entry, EntryHash Hash)> journal)
    {
        if (batch.First - 1 > journal.Count || HashAt(batch.Epoch, batch.First - 1) != batch.PrevHash)
            return null;
        var hash = batch.PrevHash;
        var held = batch.First - 1;
        foreach (var entry in batch.Entries)
        {
            hash = hash.Then(entry);
            if (entry.Seq > journal.Count || HashAt(batch.Epoch, entry.Seq) != hash)
                break;
            held = entry.Seq;
        }

        return held;
    }
}
