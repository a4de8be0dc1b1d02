using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>The memory of a machine on a real file, without its link: what the cloud says is put in by the test.</summary>
internal sealed class CardRig : IDisposable
{
    private readonly TestFolder? ownFolder;
    private StateFolder? folder;
    private OrderStore? orders;

    public CardRig(string? path = null, long maxBytes = OrderStore.MaxBytes, int unsentEntries = CardLimits.DefaultUnsentEntries)
    {
        ownFolder = path is null ? new() : null;
        (Path, MaxBytes, UnsentEntries) = (path ?? ownFolder!.Path, maxBytes, unsentEntries);
        Reopen();
    }

    public string Path { get; }

    public long MaxBytes { get; set; }

    public int UnsentEntries { get; }

    public ManualTime Time { get; set; } = new(TillRig.Noon);

    public MerchantId Merchant { get; set; } = TillRig.Merchant;

    public MachineClock Clock { get; private set; } = null!;

    public CardTables Tables { get; private set; } = null!;

    public CardStore Store { get; private set; } = null!;

    public JournalUpload Upload { get; private set; } = null!;

    public FeedPull Pull { get; private set; } = null!;

    public Damage? Damage { get; private set; }

    public Journal Journal => Tables.Journals.Current!;

    public IReadOnlyList<CardEntry> Entries => [.. Tables.Journals.Read(Journal, 1, int.MaxValue).Select(stored => stored.Entry)];

    /// <summary>The agent ends and starts again.</summary>
    public void Reopen()
    {
        Close();
        folder = StateFolder.Take(Path);
        orders = DatabaseRescue.Open(folder, TillRig.Device, MaxBytes, Time, NullLogger.Instance);
        Damage = DatabaseRescue.Unconfirmed(orders);
        Clock = new(Time);
        Tables = new(orders, new(TillRig.Device, Merchant), Clock, Time, new(UnsentEntries, MaxBytes));
        Store = new(Tables, Clock, new(new(), Clock, NullLogger<FaultReport>.Instance));
        Upload = new(Tables, new(new Random(1)), Clock, NullLogger<JournalUpload>.Instance);
        Pull = new(Tables, new(new Random(1)), Clock);
    }

    /// <summary>The cloud tells rules and all accounts.</summary>
    public CardRig Sync(params IEnumerable<CardAccount> accounts) => Sync(Samples.Rules, accounts);

    public CardRig Sync(CardRules rules, params IEnumerable<CardAccount> accounts)
    {
        Tables.Settings.Take(new() { Version = Tables.Settings.Version + 1, MerchantId = Merchant, Cards = rules });
        Pull.Take(new CardsPart { MerchantId = Merchant, FromVersion = 0, Version = 1, Accounts = [.. accounts], More = false }).ShouldBeTrue();
        Clock.Learn(Time.GetUtcNow(), Clock.Steady, Clock.Steady);
        Store.Standing().Stop.ShouldBeNull();
        return this;
    }

    /// <summary>An account changed.</summary>
    public void Tell(CardAccount account) =>
        Pull.Take(new CardsChanged { MerchantId = Merchant, FromVersion = 1, ToVersion = 2, Accounts = [account] }).ShouldBeTrue();

    /// <summary>The cloud has booked the current journal so far.</summary>
    public void Ack(long through) => Upload.Answered(new()
    {
        MerchantId = Merchant,
        Epoch = Journal.Epoch,
        Through = through,
        Hash = Tables.Journals.HashAt(Journal, through)!.Value,
    });

    public TapDecision Decide(int number, long keyed = 1250) => TapRules.Decide(Samples.Question(number, Store.Now, keyed), Store.Look(Samples.CardNoOf(number)));

    public void Pass(double seconds) => Time.Pass(TimeSpan.FromSeconds(seconds));

    public void Close()
    {
        orders?.Dispose();
        folder?.Dispose();
        (orders, folder) = (null, null);
    }

    public void Dispose()
    {
        Close();
        ownFolder?.Dispose();
    }
}
