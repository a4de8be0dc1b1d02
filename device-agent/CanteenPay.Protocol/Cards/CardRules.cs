namespace CanteenPay.Protocol;

/// <summary>How a merchant's staff cards pay. The same on all of its machines; sent with <see cref="MachineSettings"/>.</summary>
public sealed record CardRules
{
    /// <summary>Most card types.</summary>
    public const int MaxCardTypes = 16;

    /// <summary>Most items.</summary>
    public const int MaxItems = 200;

    /// <summary>How tills work unless one is switched.</summary>
    public TapMode Mode { get; init; } = TapMode.Free;

    /// <summary>When which meal is; outside of them no card pays. They do not overlap; one may go over midnight.</summary>
    public required IReadOnlyList<MealPeriod> Meals { get; init; }

    /// <summary>What is special about cards of a type; an account of a type that is not here pays nothing.</summary>
    public required IReadOnlyList<CardTypeRules> CardTypes { get; init; }

    /// <summary>What <see cref="TapMode.Item"/> sells.</summary>
    public IReadOnlyList<MenuItem> Items { get; init; } = [];

    /// <summary>What a machine may approve that the cloud has not booked yet.</summary>
    public UnbookedLimits Unbooked { get; init; } = new();

    /// <summary>Cards whose UID was typed by a keyboard reader pay too, within these limits; null: they do not. A UID can be copied.</summary>
    public SpendLimits? TypedUid { get; init; }

    /// <summary>The rules of a card type; null when there is none.</summary>
    public CardTypeRules? Of(string cardType) => CardTypes.FirstOrDefault(type => type.Type == cardType);

    /// <summary>The meal at a time of day in Asia/Shanghai; null when cards do not pay then.</summary>
    public MealPeriod? At(TimeOnly time) => Meals.FirstOrDefault(meal => time.IsBetween(meal.From, meal.To));
}

/// <summary>A meal and when it is.</summary>
/// <param name="Meal">Which.</param>
/// <param name="From">From this time of day on.</param>
/// <param name="To">Until this time of day; earlier than <paramref name="From"/> for one that goes over midnight.</param>
public sealed record MealPeriod(Meal Meal, TimeOnly From, TimeOnly To)
{
    /// <summary>What a meal costs in <see cref="TapMode.Fixed"/>, in fen, before discount; null: not sold so.</summary>
    public Fen? Price { get; init; }
}

/// <summary>What is special about cards of a type.</summary>
/// <param name="Type">The type: 1 to 20 lower-case letters, digits and hyphens.</param>
/// <param name="Name">What people call it.</param>
public sealed record CardTypeRules(string Type, BilingualText Name)
{
    /// <summary>What is paid of a price, in basis points, 1 to 10,000; rounded half up to the fen (四舍五入).</summary>
    public int PaidBasisPoints { get; init; } = 10_000;

    /// <summary>The first so many taps of a meal cost <see cref="FirstPrice"/> whatever was keyed; 0: none.</summary>
    public int FirstTaps { get; init; }

    /// <summary>What those cost, in fen, 0 and more.</summary>
    public Fen FirstPrice { get; init; }

    /// <summary>What it may spend.</summary>
    public SpendLimits Limits { get; init; } = new();

    /// <summary>What the subsidy does not cover is taken from cash; otherwise one purse pays all, the subsidy if it can.</summary>
    public bool SpillsToCash { get; init; } = true;

    /// <summary>The meals it pays at; null: all.</summary>
    public IReadOnlyList<Meal>? Meals { get; init; }
}

/// <summary>What a card may spend; null is no limit. Amounts in fen, as debited.</summary>
public sealed record SpendLimits
{
    /// <summary>单笔限额: at one tap.</summary>
    public Fen? PerTap { get; init; }

    /// <summary>At one meal.</summary>
    public Fen? MealAmount { get; init; }

    /// <summary>Taps at one meal.</summary>
    public int? MealTaps { get; init; }

    /// <summary>On one business day.</summary>
    public Fen? DayAmount { get; init; }

    /// <summary>Taps on one business day.</summary>
    public int? DayTaps { get; init; }

    /// <summary>Whether what was spent is within the limits of a meal and of its day.</summary>
    public bool Allow(SpendCounters counters, Meal meal) =>
        Within(counters.At(meal), MealAmount, MealTaps) && Within(counters.Total, DayAmount, DayTaps);

    private static bool Within(Spent spent, Fen? amount, int? taps) => !(spent.Amount > amount) && !(spent.Taps > taps);
}

/// <summary>What a machine may approve that the cloud has not booked yet, connected or not. What one account may be overdrawn by is at most journals × cap.</summary>
public sealed record UnbookedLimits
{
    /// <summary>Of one account on one machine, in fen; never more than the balance that the machine knows.</summary>
    public Fen PerAccount { get; init; } = new(100_00);

    /// <summary>No card pays on a machine that has not heard the cloud for so many minutes.</summary>
    public int OfflineMinutes { get; init; } = 3 * 24 * 60;
}

/// <summary>An item that is sold by its number.</summary>
/// <param name="No">1 to 999.</param>
/// <param name="Name">What it is.</param>
/// <param name="Price">In fen.</param>
public sealed record MenuItem(int No, BilingualText Name, Fen Price);
