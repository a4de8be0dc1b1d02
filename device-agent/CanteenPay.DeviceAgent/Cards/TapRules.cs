using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>Whether a card pays, how much, and from which lots. Pure: all that it knows is asked and told.</summary>
internal static class TapRules
{
    /// <summary>The same card within this time is debited once.</summary>
    public static readonly TimeSpan SameCard = TimeSpan.FromSeconds(3);

    /// <summary>撤销 within this time.</summary>
    public static readonly TimeSpan UndoWithin = TimeSpan.FromMinutes(2);

    private const int WholePrice = 10_000;

    /// <summary>What becomes of a card on the reader.</summary>
    public static TapDecision Decide(TapQuestion question, CardSituation situation)
    {
        if (situation.Last is { Kind: not EntryKind.Reversal } last && last.CardNo == question.Card && (situation.SinceLast ?? question.At - last.At) < SameCard)
            return new TapRepeated(last);
        if (situation.Stop is { } stop)
            return new TapRefused(stop);
        if (situation.Rules is not { } rules)
            return new TapRefused(TapRefusal.NotOffered);
        if (question.TypedUid && rules.TypedUid is null)
            return new TapRefused(TapRefusal.TypedUidOff);
        return situation.Account is { } account ? OfAccount(question, rules, account, situation.Unbooked) : new TapRefused(TapRefusal.UnknownCard);
    }

    /// <summary>The reversal of this machine's last tap; a refusal in words (<see cref="UndoRefusal"/>) when it cannot be taken back.</summary>
    /// <param name="last">This machine's newest tap or reversal, as stored; null when there is none.</param>
    /// <param name="id">For the reversal.</param>
    /// <param name="at">Now, by the corrected clock.</param>
    /// <param name="view">The account as this machine reckons with it.</param>
    /// <param name="offline">There is no link.</param>
    public static (Tap? Reversal, UndoRefusal? Refusal) Undo(Tap? last, TapId id, DateTimeOffset at, CardAccount? view, bool offline)
    {
        if (last is null or { Kind: EntryKind.Reversal } || view is null)
            return (null, UndoRefusal.Nothing);
        if (at - last.At > UndoWithin)
            return (null, UndoRefusal.TooLate);
        var after = last.Parts.Aggregate(view, (account, part) => AccountView.Change(account, part.Lot, part.Purse, part.Amount));
        return (last with
        {
            Id = id,
            Kind = EntryKind.Reversal,
            Parts = [.. last.Parts.Select(part => part with { BalanceAfter = after.Purses.First(lot => lot.Lot == part.Lot).Balance })],
            Price = null,
            Items = [],
            At = at,
            Reverses = last.Id,
            Offline = offline,
            Left = Spending.Of(after, BusinessDay.Of(at)).Total,
            DecidedBy = view.Version,
        }, null);
    }

    /// <summary>The business day of a meal: what is eaten after midnight at a meal that began before belongs to the day on which it began, as its limits do.</summary>
    public static DateOnly PostingDay(MealPeriod meal, DateTimeOffset at)
    {
        var local = BusinessDay.Local(at);
        var afterMidnight = meal.To < meal.From && TimeOnly.FromDateTime(local.DateTime) < meal.To;
        return BusinessDay.Of(at).AddDays(afterMidnight ? -1 : 0);
    }

    private static TapDecision OfAccount(TapQuestion question, CardRules rules, CardAccount account, Fen unbooked)
    {
        switch (account.Cards.FirstOrDefault(card => card.No == question.Card)?.State)
        {
            case null:
                return new TapRefused(TapRefusal.UnknownCard);
            case CardState.Lost:
                return new TapRefused(TapRefusal.LostCard);
            case CardState.Cancelled:
                return new TapRefused(TapRefusal.CancelledCard);
            default:
                break;
        }

        if (account.State != AccountState.Active)
            return new TapRefused(TapRefusal.CancelledCard);
        if (rules.Of(account.CardType) is not { } type)
            return new TapRefused(TapRefusal.NotSet);
        if (rules.At(TimeOnly.FromDateTime(BusinessDay.Local(question.At).DateTime)) is not { } meal || type.Meals?.Contains(meal.Meal) == false)
            return new TapRefused(TapRefusal.OutsideMeal);
        var day = PostingDay(meal, question.At);
        var spending = Spending.Of(account, day);
        if (question is { Mode: TapMode.Free or TapMode.Item, Keyed.Value: <= 0 })
            return new BalanceAsked(account.Name, spending.Subsidy, spending.Cash);
        if (question.Mode == TapMode.Fixed && meal.Price is null)
            return new TapRefused(TapRefusal.NotSet);

        var spent = SpentOn(day, account.Counters);
        var price = PriceOf(question, meal);
        var amount = AmountOf(question.Mode, price, type, spent.At(meal.Meal).Taps);
        var limits = question.TypedUid ? [type.Limits, rules.TypedUid!] : (SpendLimits[])[type.Limits];
        if (Exceeded(price, amount, limits, spent, meal.Meal) is { } limit)
            return new TapRefused(limit, spending.MostAtOnce(type.SpillsToCash));
        if (spending.Take(amount, type.SpillsToCash) is not { } parts)
            return new TapRefused(TapRefusal.NotEnough, spending.MostAtOnce(type.SpillsToCash));
        if (amount > Fen.Zero && unbooked + amount > rules.Unbooked.PerAccount)
            return new TapRefused(TapRefusal.OverUnbookedCap, spending.MostAtOnce(type.SpillsToCash));
        return new TapApproved(new()
        {
            Id = question.Id,
            Kind = question.Mode == TapMode.Count ? EntryKind.Count : EntryKind.Debit,
            AccountId = account.AccountId,
            CardNo = question.Card,
            Holder = account.Name,
            Parts = parts,
            Price = price == amount ? null : price,
            At = question.At,
            PostingDay = day,
            Meal = meal.Meal,
            Mode = question.Mode,
            Items = question.Mode == TapMode.Item ? question.Items : [],
            Offline = question.Offline,
            TypedUid = question.TypedUid,
            Left = spending.Total - amount,
            DecidedBy = account.Version,
        });
    }

    private static Fen PriceOf(TapQuestion question, MealPeriod meal) => question.Mode switch
    {
        TapMode.Count => Fen.Zero,
        TapMode.Fixed => meal.Price!.Value,
        _ => question.Keyed,
    };

    /// <summary>What is debited of a price: the first taps of a meal may have a price of their own, the others cost a part, half up to the fen.</summary>
    private static Fen AmountOf(TapMode mode, Fen price, CardTypeRules type, int tapsBefore) => mode switch
    {
        TapMode.Count => Fen.Zero,
        _ when tapsBefore < type.FirstTaps => type.FirstPrice,
        _ => new(checked(price.Value * type.PaidBasisPoints + WholePrice / 2) / WholePrice),
    };

    /// <summary>
    /// Counters of the next day are not passed over: a machine whose clock is behind would know no limits. Those of a day further on come from a machine whose
    /// clock was ahead, and must not bar a card until then.
    /// </summary>
    private static SpendCounters SpentOn(DateOnly day, SpendCounters? counters) =>
        counters is { } known && known.Day >= day && known.Day <= day.AddDays(1) ? known : new(day, new Dictionary<Meal, Spent>());

    private static TapRefusal? Exceeded(Fen price, Fen amount, IReadOnlyList<SpendLimits> limits, SpendCounters spent, Meal meal)
    {
        var (atMeal, onDay) = (spent.At(meal), spent.Total);
        if (price > Fen.MaxKeyed || amount > Fen.MaxKeyed || limits.Any(limit => amount > limit.PerTap))
            return TapRefusal.OverTapLimit;
        if (limits.Any(limit => atMeal.Taps + 1 > limit.MealTaps || onDay.Taps + 1 > limit.DayTaps))
            return TapRefusal.OverCountLimit;
        return amount > Fen.Zero && limits.Any(limit => atMeal.Amount + amount > limit.MealAmount || onDay.Amount + amount > limit.DayAmount)
            ? TapRefusal.OverAmountLimit
            : null;
    }
}

/// <summary>What is asked when a card lies on the reader.</summary>
/// <param name="Card">The card.</param>
/// <param name="Id">For the tap, should one come of it.</param>
/// <param name="At">Now, by the corrected clock (never before what was stored last: <see cref="CardStore.Now"/>).</param>
/// <param name="Mode">How the till works.</param>
/// <param name="Keyed">In <see cref="TapMode.Free"/> and <see cref="TapMode.Item"/>, what is to be paid before discount, in fen; nothing keyed asks for the balance.</param>
/// <param name="Items">In <see cref="TapMode.Item"/>, what is sold.</param>
/// <param name="TypedUid">A keyboard reader typed the UID.</param>
/// <param name="Offline">There is no link.</param>
internal sealed record TapQuestion(
    CardNo Card, TapId Id, DateTimeOffset At, TapMode Mode, Fen Keyed, IReadOnlyList<SoldItem> Items, bool TypedUid, bool Offline);

/// <summary>What the machine knows about a card, and about itself.</summary>
/// <param name="Rules">The merchant's rules; null: no cards.</param>
/// <param name="Account">The account as this machine reckons with it (own entries included); null: no account has this card.</param>
/// <param name="Unbooked">What this account spent here that the cloud has not booked, in fen.</param>
/// <param name="Last">This card's newest tap here, if that was a moment ago and was not taken back; null otherwise.</param>
/// <param name="Stop">Why no card at all pays here now; null when they do.</param>
internal sealed record CardSituation(CardRules? Rules, CardAccount? Account, Fen Unbooked, Tap? Last, TapRefusal? Stop)
{
    /// <summary>How long ago <see cref="Last"/> was, by a clock that nobody sets; null: as its own time says.</summary>
    public TimeSpan? SinceLast { get; init; }
}

/// <summary>Why the last tap cannot be taken back.</summary>
internal enum UndoRefusal
{
    /// <summary>没有可撤销的消费: none, or it was taken back already, or it was a reversal.</summary>
    Nothing,

    /// <summary>超过撤销时间.</summary>
    TooLate,

    /// <summary>数据存满.</summary>
    StoreFull,

    /// <summary>正在下载卡数据: what an account holds is not known here yet.</summary>
    NotSynced,
}
