using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>Rules, accounts and cards of a small canteen.</summary>
internal static class Samples
{
    public static readonly DateOnly Today = new(2026, 11, 22);

    public static CardRules Rules => new()
    {
        Meals =
        [
            new(Meal.Breakfast, new(6, 0), new(9, 0)) { Price = new(500) },
            new(Meal.Lunch, new(11, 0), new(13, 30)) { Price = new(1500) },
            new(Meal.Night, new(22, 0), new(2, 0)),
        ],
        CardTypes = [new("staff", new("职工", "Staff"))],
    };

    public static AccountId AccountNo(int number) => AccountId.Parse($"ACC{number:D5}");

    public static CardNo CardNoOf(int number) => CardNo.Parse($"C0{number:D6}");

    public static CardAccount Account(int number, long cash = 100_00, params IEnumerable<PurseLot> subsidies) => new()
    {
        AccountId = AccountNo(number),
        Version = 1,
        CardType = "staff",
        Name = $"王{number}",
        Cards = [new(CardNoOf(number), CardState.Active)],
        Purses = [new(PurseLot.Cash, Purse.Cash, new(cash)), .. subsidies],
    };

    public static PurseLot Subsidy(string lot, long balance, DateOnly? validUntil = null) => new(lot, Purse.Subsidy, new(balance)) { ValidUntil = validUntil };

    public static TapQuestion Question(int number, DateTimeOffset at, long keyed = 1250, TapMode mode = TapMode.Free) =>
        new(CardNoOf(number), TapId.New(Crockford.Random), at, mode, new(keyed), [], TypedUid: false, Offline: false);

    /// <summary>A card on the reader, as the till does it; null unless it was approved and stored.</summary>
    public static Tap? TapCard(this CardStore store, int number, long keyed = 1250) =>
        TapRules.Decide(Question(number, store.Now, keyed), store.Look(CardNoOf(number))) is TapApproved approved ? Stored(store, approved.Tap) : null;

    private static Tap Stored(CardStore store, Tap tap)
    {
        store.Append(tap);
        return tap;
    }
}
