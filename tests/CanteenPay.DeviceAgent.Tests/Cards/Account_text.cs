using System.Text;
using System.Text.Json;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>What is read of an account is what was written, whatever it holds.</summary>
public sealed class Account_text
{
    private const int Most = 400;

    private static readonly DateTimeOffset At = new(2026, 11, 22, 11, 59, 30, 123, BusinessDay.Offset);

    private static readonly Gen<DateTimeOffset?> Time = Gen.Choose(-1, 100_000).Select(second => second < 0 ? (DateTimeOffset?)null : At.AddSeconds(second));
    private static readonly Gen<DateOnly?> Day = Gen.Choose(-1, 400).Select(day => day < 0 ? (DateOnly?)null : Samples.Today.AddDays(day));
    private static readonly Gen<string?> Name = Gen.Elements(null, "", "王小明", "O\"Brien\\ \u0007 €🙂", "Ann");

    private static readonly Gen<AccountCard> Card =
        from number in Gen.Choose(0, 99)
        from state in Gen.Elements(Enum.GetValues<CardState>())
        from since in Time
        select new AccountCard(Samples.CardNoOf(number), state) { Since = since };

    private static readonly Gen<PurseLot> Lot =
        from lot in Gen.Elements(PurseLot.Cash, "补贴-11", "op-1")
        from kind in Gen.Elements(Enum.GetValues<Purse>())
        from balance in Gen.Choose(-1000, 1_000_000)
        from validUntil in Day
        from expired in Gen.Choose(-1, 500)
        from expiredAt in Time
        select new PurseLot(lot, kind, new(balance)) { ValidUntil = validUntil, Expired = expired < 0 ? null : new Fen(expired), ExpiredAt = expiredAt };

    private static readonly Gen<SpendCounters?> Counters =
        from day in Day
        from meals in Gen.SubListOf(Enum.GetValues<Meal>())
        from spent in Gen.Choose(-5, 5)
        select day is null ? null : new SpendCounters(day.Value, meals.ToDictionary(meal => meal, meal => new Spent(new(spent * 100), spent)));

    private static readonly Gen<CardAccount> Account =
        from version in Gen.Choose(1, int.MaxValue)
        from state in Gen.Elements(Enum.GetValues<AccountState>())
        from since in Time
        from name in Name
        from department in Name
        from cards in Card.ArrayOf()
        from lots in Lot.ArrayOf()
        from counters in Counters
        from journals in Gen.Choose(0, 3)
        select new CardAccount
        {
            AccountId = Samples.AccountNo(version % 100_000),
            Version = version,
            State = state,
            StateSince = since,
            CardType = "staff",
            Name = name,
            Department = department,
            Cards = cards,
            Purses = lots,
            Counters = counters,
            Applied = Enumerable.Range(0, journals).ToDictionary(journal => $"DEVMACH1-EPOCH00{journal}", journal => (long)version * journal),
        };

    [Fact]
    public void What_is_read_is_what_was_written() => Prop.ForAll(Account.ToArbitrary(), account =>
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(account, CardJson.Default.CardAccount);
        var read = AccountText.Read(text);
        read.StateSince.ShouldBe(account.StateSince);
        JsonSerializer.Serialize(read, CardJson.Default.CardAccount).ShouldBe(Encoding.UTF8.GetString(text));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Most));

    [Fact]
    public void What_a_newer_agent_wrote_besides_is_passed_over()
    {
        var text = Text(Samples.Account(1)).Replace("\"version\":1", "\"later\":{\"version\":[7,{}]},\"version\":1", StringComparison.Ordinal);

        AccountText.Read(Encoding.UTF8.GetBytes(text)).Version.ShouldBe(1);
    }

    [Theory]
    [InlineData("\"version\":1,", "")]
    [InlineData("\"version\":1", "\"version\":\"1\"")]
    [InlineData("\"version\":1", "\"version\":1.5")]
    [InlineData("\"active\"", "\"aktive\"")]
    [InlineData("ACC00001", "ACC0000!")]
    [InlineData("\"cash\",\"balance\"", "\"gold\",\"balance\"")]
    [InlineData("\"cards\":[", "\"cards\":[[")]
    [InlineData("\"purses\":[{", "\"purses\":[7,{")]
    [InlineData("{}}", "{}")]
    public void What_no_agent_wrote_is_refused(string part, string instead)
    {
        var whole = Text(Samples.Account(1));
        whole.ShouldContain(part);
        var text = Encoding.UTF8.GetBytes(whole.Replace(part, instead, StringComparison.Ordinal));

        var refused = Should.Throw<Exception>(() => AccountText.Read(text));
        (refused is JsonException or FormatException or InvalidOperationException).ShouldBeTrue($"{refused}");
    }

    private static string Text(CardAccount account) => JsonSerializer.Serialize(account, CardJson.Default.CardAccount);
}
