using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations.Rules;

/// <summary>Accounts and moments for the rules.</summary>
internal static class Desk
{
    public static readonly AccountId Id = AccountId.Parse("ACC0VNT1");
    public static readonly CardNo Card = CardNo.Parse("0A0B0C0D");

    public static CardAccount Account(long cash, params PurseLot[] subsidies) => new()
    {
        AccountId = Id,
        Version = 7,
        CardType = "staff",
        Cards = [new(Card, CardState.Active)],
        Purses = [new(PurseLot.Cash, Purse.Cash, new Fen(cash)), .. subsidies],
    };

    public static PurseLot Subsidy(string lot, long fen, DateOnly? until = null) => new(lot, Purse.Subsidy, new Fen(fen)) { ValidUntil = until };

    public static Moment At(DateTimeOffset now, string key = "operation-key") => new(key, BusinessDay.Of(now), now);

    public static Outcome Do(CardOperation operation, CardAccount account, DateTimeOffset? now = null, Facts? facts = null, string key = "operation-key") =>
        OperationRules.Apply(operation, account, facts ?? new(), At(now ?? World.Noon, key));

    public static Moved Done(this Outcome outcome) => outcome.ShouldBeOfType<Moved>();

    public static string Refusal(this Outcome outcome) => outcome.ShouldBeOfType<Refused>().Code;
}
