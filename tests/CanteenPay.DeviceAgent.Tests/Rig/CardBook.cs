using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>Accounts and cards for a till whose journal is a list: what was stored is what the next card meets.</summary>
internal sealed class CardBook(TillRig rig)
{
    public static readonly CardNo Rich = CardNo.Parse("04A1B2C3");
    public static readonly CardNo Poor = CardNo.Parse("04D4E5F6");
    public static readonly CardNo Lost = CardNo.Parse("04FFEEDD");
    public static readonly CardNo Unknown = CardNo.Parse("0BADC0DE");

    public static readonly CardRules Rules = new()
    {
        Meals =
        [
            new(Meal.Breakfast, new(6, 30), new(9, 0)) { Price = new(500) },
            new(Meal.Lunch, new(10, 30), new(14, 0)) { Price = new(1200) },
        ],
        CardTypes = [new("staff", new("职工", "Staff")), new("half", new("半价", "Half")) { PaidBasisPoints = 5000 }],
        Items = [new(1, new("米饭", "Rice"), new(100)), new(12, new("红烧肉", "Pork"), new(850)), new(999, new("宴席", "Banquet"), new(9_999_900))],
    };

    private readonly Dictionary<CardNo, CardAccount> accounts = new()
    {
        [Rich] = Account("RCHH0001", "staff", "张三", subsidy: 800, cash: 10_000, new(Rich, CardState.Active)),
        [Poor] = Account("PRRR0001", "half", "李四", subsidy: 0, cash: 300, new(Poor, CardState.Active)),
        [Lost] = Account("STRAY001", "staff", "王五", subsidy: 0, cash: 5000, new(Lost, CardState.Lost)),
    };

    /// <summary>Every tap and reversal that was stored, oldest first.</summary>
    public List<Tap> Journal { get; } = [];

    /// <summary>Why no card pays.</summary>
    public TapRefusal? Stop { get; set; }

    public TapMode Mode => rig.State.Cards!.Mode;

    /// <summary>Cards are taken, in this mode.</summary>
    public CardBook In(TapMode mode, CardStanding? standing = null)
    {
        rig.Happens(new CardsLookedAt(rig.Now, Desk(mode, standing)));
        return this;
    }

    public CardDesk Desk(TapMode mode, CardStanding? standing = null) =>
        new(mode, TapMode.Free, Rules.At(TimeOnly.FromDateTime(rig.Now.DateTime)), Rules.Items, standing ?? new(null, 0, null, null));

    /// <summary>What the machine knows about a card.</summary>
    public CardSituation Look(CardNo card) => new(Rules, accounts.TryGetValue(card, out var account) ? View(account) : null, Fen.Zero, Before(card, Journal), Stop);

    /// <summary>What an account holds by the journal.</summary>
    public Fen Balance(CardNo card) => View(accounts[card]).Balance;

    /// <summary>What an account held before all of it.</summary>
    public Fen Before(CardNo card) => accounts[card].Balance;

    public CardPresented Event(CardNo card, bool typed = false) =>
        new(rig.Now, TillTaps.Question(rig.State, card, TapId.New(Crockford.Random), rig.Now, typed), Look(card));

    /// <summary>A card on the reader.</summary>
    public IReadOnlyList<TillEffect> Tap(CardNo card, bool typed = false) => Take(Event(card, typed));

    /// <summary>What a card did is kept.</summary>
    public IReadOnlyList<TillEffect> Take(CardPresented e) => Keep(rig.Happens(e));

    /// <summary>撤销.</summary>
    public IReadOnlyList<TillEffect> Undo()
    {
        var last = Journal.LastOrDefault();
        var account = last is null ? null : View(accounts.Values.Single(known => known.AccountId == last.AccountId));
        return Keep(rig.Happens(new UndoPressed(rig.Now, last, TapId.New(Crockford.Random), rig.Now, account, Stop)));
    }

    public TapShown Shown => rig.State.Face.ShouldBeOfType<TapShown>();

    public Tap Approved => Shown.Decision.ShouldBeOfType<TapApproved>().Tap;

    /// <summary>The card's newest tap that was not taken back.</summary>
    private static Tap? Before(CardNo card, List<Tap> journal) =>
        journal.FindLast(tap => tap.CardNo == card && tap.Kind != EntryKind.Reversal && !journal.Exists(other => other.Reverses == tap.Id));

    private IReadOnlyList<TillEffect> Keep(IReadOnlyList<TillEffect> effects)
    {
        Journal.AddRange(effects.OfType<StoreTap>().Select(store => store.Tap));
        return effects;
    }

    private CardAccount View(CardAccount account) =>
        Journal.Where(tap => tap.AccountId == account.AccountId).SelectMany(Entries).Aggregate(account, AccountView.Apply);

    private static IEnumerable<CardEntry> Entries(Tap tap) => tap.Parts.Select((part, index) => new CardEntry
    {
        Seq = 1,
        TapId = tap.Id,
        Part = index,
        AccountId = tap.AccountId,
        CardNo = tap.CardNo,
        Purse = part.Purse,
        Lot = part.Lot,
        Kind = tap.Kind,
        Amount = part.Amount,
        BalanceAfter = part.BalanceAfter,
        At = tap.At,
        PostingDay = tap.PostingDay,
        MealPeriod = tap.Meal,
        Mode = tap.Mode,
        Reverses = tap.Reverses,
    });

    private static CardAccount Account(string id, string type, string name, long subsidy, long cash, AccountCard card) => new()
    {
        AccountId = AccountId.Parse(id),
        Version = 1,
        CardType = type,
        Name = name,
        Cards = [card],
        Purses = [new("grant-2026-11", Purse.Subsidy, new(subsidy)) { ValidUntil = new DateOnly(2026, 11, 30) }, new(PurseLot.Cash, Purse.Cash, new(cash))],
    };
}
