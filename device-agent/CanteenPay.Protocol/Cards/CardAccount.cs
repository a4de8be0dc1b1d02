using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>
/// An account as the cloud holds it, and as machines are told of it. What a machine reckons with is this less its own entries beyond <see cref="Applied"/>
/// (<see cref="AccountView"/>).
/// </summary>
public sealed record CardAccount
{
    private static readonly Dictionary<string, long> NoneApplied = new(StringComparer.Ordinal);

    /// <summary>The account.</summary>
    public required AccountId AccountId { get; init; }

    /// <summary>Counts up with every change of the account; a machine ignores what is older than what it has.</summary>
    public required long Version { get; init; }

    /// <summary>How it stands.</summary>
    public AccountState State { get; init; } = AccountState.Active;

    /// <summary>Since when it stands so, by the cloud's clock: what was tapped before is in order. Absent for an account that was always active.</summary>
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>Which of the merchant's <see cref="CardRules.CardTypes"/> it is of.</summary>
    public required string CardType { get; init; }

    /// <summary>The holder, for the cashier to recognise; at most 40 characters.</summary>
    public string? Name { get; init; }

    /// <summary>The holder's department; at most 40 characters.</summary>
    public string? Department { get; init; }

    /// <summary>Cards that point to it, those that no longer pay included.</summary>
    public IReadOnlyList<AccountCard> Cards { get => field ?? []; init; } = [];

    /// <summary>What it holds, lot by lot; a lot may be below zero when machines spent it without knowing of each other.</summary>
    public IReadOnlyList<PurseLot> Purses { get => field ?? []; init; } = [];

    /// <summary>What was spent on the newest business day that it was used on; null when it never was.</summary>
    public SpendCounters? Counters { get; init; }

    /// <summary>For each journal (<see cref="JournalKey"/>) the last entry that is inside of the balance.</summary>
    public IReadOnlyDictionary<string, long> Applied { get => field ?? NoneApplied; init; } = NoneApplied;

    /// <summary>The sum of its lots, in fen.</summary>
    [JsonIgnore]
    public Fen Balance => Purses.Aggregate(Fen.Zero, (sum, lot) => sum + lot.Balance);

    /// <summary>The key of a machine's journal in <see cref="Applied"/>.</summary>
    public static string JournalKey(DeviceId device, Epoch epoch) => $"{device}-{epoch}";
}

/// <summary>How an account stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AccountState>))]
public enum AccountState
{
    /// <summary>It may pay.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>It is being closed: it pays no more, and waits until every machine has said so.</summary>
    [JsonStringEnumMemberName("closing")]
    Closing,

    /// <summary>注销: closed and paid out.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,
}

/// <summary>A card of an account.</summary>
/// <param name="No">Its number.</param>
/// <param name="State">Whether it pays.</param>
public sealed record AccountCard(CardNo No, CardState State)
{
    /// <summary>Since when it stands so, by the cloud's clock: what was tapped before is in order.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Whether a card pays.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CardState>))]
public enum CardState
{
    /// <summary>It pays.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>挂失: reported lost; it may be found again.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,

    /// <summary>注销: replaced, or its account was closed.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>Money of one kind that came at one time.</summary>
/// <param name="Lot"><see cref="Cash"/>, or the key of the operation that granted a subsidy; at most <see cref="MaxLength"/> characters.</param>
/// <param name="Kind">The purse.</param>
/// <param name="Balance">What is left, in fen.</param>
public sealed record PurseLot(string Lot, Purse Kind, Fen Balance)
{
    /// <summary>The lot of all cash.</summary>
    public const string Cash = "cash";

    /// <summary>Longest name of a lot.</summary>
    public const int MaxLength = 64;

    /// <summary>The last business day on which it may be spent; null when it does not end.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>What has expired of it, in fen, as far as that was not reversed; absent when nothing has.</summary>
    public Fen? Expired { get; init; }

    /// <summary>When that was, by the cloud's clock: what was tapped before takes it back.</summary>
    public DateTimeOffset? ExpiredAt { get; init; }
}

/// <summary>The two purses.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Purse>))]
public enum Purse
{
    /// <summary>现金: what the holder paid in.</summary>
    [JsonStringEnumMemberName("cash")]
    Cash,

    /// <summary>补贴: what the employer granted; spent first, and may expire.</summary>
    [JsonStringEnumMemberName("subsidy")]
    Subsidy,
}

/// <summary>What was spent on a business day, meal by meal.</summary>
/// <param name="Day">The business day.</param>
/// <param name="Meals">By meal; a meal without a tap is absent.</param>
public sealed record SpendCounters(DateOnly Day, IReadOnlyDictionary<Meal, Spent> Meals)
{
    /// <summary>What was spent at a meal of this day.</summary>
    public Spent At(Meal meal) => Meals.TryGetValue(meal, out var spent) ? spent : default;

    /// <summary>What was spent on the whole day.</summary>
    [JsonIgnore]
    public Spent Total => Meals.Values.Aggregate(default(Spent), (sum, meal) => new(sum.Amount + meal.Amount, sum.Taps + meal.Taps));
}

/// <summary>What was spent.</summary>
/// <param name="Amount">Debited less reversed, in fen.</param>
/// <param name="Taps">Taps less reversed ones.</param>
public readonly record struct Spent(Fen Amount, int Taps);

/// <summary>The four meals of a day: 早 中 晚 夜.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Meal>))]
public enum Meal
{
    /// <summary>早餐.</summary>
    [JsonStringEnumMemberName("breakfast")]
    Breakfast,

    /// <summary>午餐.</summary>
    [JsonStringEnumMemberName("lunch")]
    Lunch,

    /// <summary>晚餐.</summary>
    [JsonStringEnumMemberName("dinner")]
    Dinner,

    /// <summary>夜宵.</summary>
    [JsonStringEnumMemberName("night")]
    Night,
}
