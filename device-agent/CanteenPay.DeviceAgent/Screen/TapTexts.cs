using System.Globalization;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>Cards and taps in words.</summary>
internal sealed class TapTexts(Texts texts)
{
    /// <summary>How cards are taken, and how far the machine is with them.</summary>
    public CardsView Desk(CardDesk desk, DateTimeOffset clock)
    {
        var (status, tone) = Status(desk.Standing, clock);
        return new(OrderTexts.Lower(desk.Mode), ModeName(desk.Mode), Meal(desk), status, tone, desk.Standing.Unsent);
    }

    /// <summary>任意, 定额, 计次, 编号.</summary>
    public Phrase ModeName(TapMode mode) => texts.Of("mode." + OrderTexts.Lower(mode));

    /// <summary>What a free till asks for.</summary>
    public Phrase Idle(CardDesk? desk) => desk is null ? texts.Of("idle") : texts.Of("idle." + OrderTexts.Lower(desk.Mode));

    /// <summary>State, headline and result of what a card came to.</summary>
    public (string Name, Phrase Headline, Phrase? Result) Shown(TapShown shown) => shown.Decision switch
    {
        TapApproved { Tap: { Kind: EntryKind.Reversal } undone } => ("undone", Of(undone), Result("tap.undone", undone.Amount)),
        TapApproved { Tap: { Kind: EntryKind.Count } counted } => ("tap", Of(counted), texts.Of("tap.counted")),
        TapApproved { Tap: var tap } => ("tap", Of(tap), Result("tap.approved", tap.Amount)),
        TapRepeated { Tap: var tap } => ("tap", texts.Of("tap.repeated"), Result("tap.approved", tap.Amount)),
        BalanceAsked asked => ("balance", asked.Holder is { } holder ? Phrase.Same(holder) : texts.Of("tap.card"), Result("tap.balance", asked.Subsidy + asked.Cash)),
        TapRefused refused => ("tap-refused", texts.Of("tap.refused"), texts.Of("refusal." + OrderTexts.Lower(refused.Why))),
        _ => throw new ArgumentOutOfRangeException(nameof(shown), shown.Decision, "Not a decision."),
    };

    /// <summary>The same for programs, with what stands small on the screen.</summary>
    public TapView View(TapShown shown) => shown.Tap is { } tap
        ? new(shown.Presented.Value, Details(tap))
        {
            TapId = tap.Id.Value,
            Kind = OrderTexts.Lower(tap.Kind),
            Amount = tap.Amount.ToString(),
            Price = tap.Price?.ToString(),
            Balance = tap.Left.ToString(),
            Parts = [.. tap.Parts.Select(part => new PartView(OrderTexts.Lower(part.Purse), part.Amount.ToString()))],
            Holder = tap.Holder,
            Repeated = shown.Decision is TapRepeated,
        }
        : shown.Decision switch
        {
            BalanceAsked asked => new(shown.Presented.Value, Purses(asked.Subsidy, asked.Cash))
            {
                Balance = (asked.Subsidy + asked.Cash).ToString(),
                Holder = asked.Holder,
            },
            TapRefused refused => new(shown.Presented.Value, refused.Left is { } left ? texts.Of("tap.left", ("amount", OrderTexts.Amount(left))) : null)
            {
                Balance = refused.Left?.ToString(),
                Refusal = OrderTexts.Lower(refused.Why),
            },
            _ => new(shown.Presented.Value, Details: null),
        };

    /// <summary>The line of the previous payment, when that was a tap.</summary>
    public Line Previous(Tap tap) => new(
        OrderId: null,
        texts.Of("previous.tap", ("amount", OrderTexts.Amount(tap.Amount)), ("what", What(tap)), ("time", Phrase.Same(Time(tap, "HH:mm")))),
        Tone(tap),
        Refundable: false)
    {
        TapId = tap.Id.Value,
    };

    /// <summary>The rows of the list.</summary>
    public IReadOnlyList<TapRow> Rows(IReadOnlyList<Tap> taps, DateOnly today) =>
    [
        .. taps.Select(tap => new TapRow(
            tap.Id.Value,
            Time(tap, BusinessDay.Of(tap.At) == today ? "HH:mm:ss" : "MM-dd HH:mm"),
            tap.Amount.ToString(),
            tap.Holder is { } holder ? Joined(Phrase.Same(holder), What(tap), MealName(tap.Meal)) : Joined(What(tap), MealName(tap.Meal)),
            Tone(tap))),
    ];

    /// <summary>What is sold by number, the number that is being keyed included.</summary>
    public IReadOnlyList<BasketRow> Rows(Basket basket) =>
        [.. basket.Sold().Lines.Select(line => new BasketRow(line.Item.No, texts.Of(line.Item.Name), line.Count, line.Total.ToString()))];

    private static string Tone(Tap tap) => tap.Kind == EntryKind.Reversal ? "wait" : "good";

    private Phrase Result(string key, Fen amount) => texts.Of(key, ("amount", OrderTexts.Amount(amount)));

    private Phrase Of(Tap tap) => tap.Holder is { } holder ? Joined(Phrase.Same(holder), MealName(tap.Meal)) : MealName(tap.Meal);

    private Phrase What(Tap tap) => texts.Of("kind." + OrderTexts.Lower(tap.Kind));

    private Phrase MealName(Meal meal) => texts.Of("meal." + OrderTexts.Lower(meal));

    private Phrase Details(Tap tap)
    {
        List<Phrase> parts = tap.Price is { } price ? [Result("tap.price", price)] : [];
        if (tap.Kind != EntryKind.Count)
            parts.AddRange(tap.Parts.GroupBy(part => part.Purse).Select(purse => Result("purse." + OrderTexts.Lower(purse.Key), Sum(purse))));
        return Joined([.. parts, Result("tap.left", tap.Left)]);
    }

    private Phrase Purses(Fen subsidy, Fen cash) => Joined(Result("purse.subsidy", subsidy), Result("purse.cash", cash));

    private static Fen Sum(IEnumerable<TapPart> parts) => parts.Aggregate(Fen.Zero, (sum, part) => sum + part.Amount);

    private static Phrase Joined(params IEnumerable<Phrase> phrases) =>
        new(string.Join(" · ", phrases.Select(phrase => phrase.Main)), string.Join(" · ", phrases.Select(phrase => phrase.Small)));

    private Phrase Meal(CardDesk desk) => desk switch
    {
        { Meal: null } => texts.Of("meal.none"),
        { Price: { } price } => Joined(MealName(desk.Meal.Meal), OrderTexts.Amount(price) is var amount ? new($"¥{amount.Main}", $"¥{amount.Small}") : amount),
        _ => MealName(desk.Meal.Meal),
    };

    /// <summary>What hinders all cards comes before what only waits.</summary>
    private (Phrase? Status, string Tone) Status(CardStanding standing, DateTimeOffset clock) => standing switch
    {
        { Stop: TapRefusal.NotSynced, SyncedPercent: { } percent } => (texts.Of("cards.syncing", ("percent", Number(percent))), "wait"),
        { Stop: { } stop } => (texts.Of("refusal." + OrderTexts.Lower(stop)), "bad"),
        { Unsent: > 0 } => (texts.Of("cards.unsent", ("count", Number(standing.Unsent)), ("age", Age(clock - (standing.OldestUnsent ?? clock)))), "wait"),
        _ => (null, "wait"),
    };

    private Phrase Age(TimeSpan age) => age switch
    {
        { TotalHours: >= 1 } => texts.Of("age.hours", ("count", Number((int)age.TotalHours))),
        { TotalMinutes: >= 1 } => texts.Of("age.minutes", ("count", Number((int)age.TotalMinutes))),
        _ => texts.Of("age.now"),
    };

    private static Phrase Number(int number) => Phrase.Same(number.ToString(CultureInfo.InvariantCulture));

    private static string Time(Tap tap, string format) => BusinessDay.Local(tap.At).ToString(format, CultureInfo.InvariantCulture);
}
