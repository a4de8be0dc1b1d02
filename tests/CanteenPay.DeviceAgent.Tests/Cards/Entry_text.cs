using System.Text;
using System.Text.Json;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>An entry is stored as a message would bear it, whatever it holds.</summary>
public sealed class Entry_text
{
    private const int Most = 400;

    private static readonly DateTimeOffset At = new(2026, 11, 22, 11, 59, 30, 120, BusinessDay.Offset);

    private static readonly Gen<IReadOnlyList<SoldItem>?> Items =
        from count in Gen.Choose(-1, 3)
        from no in Gen.Choose(1, 999)
        select count < 0 ? null : (IReadOnlyList<SoldItem>)[.. Enumerable.Range(1, count).Select(each => new SoldItem(no, each, new(each * 150)))];

    private static readonly Gen<CardEntry> Entry =
        from seq in Gen.Choose(1, int.MaxValue)
        from part in Gen.Choose(0, 3)
        from lot in Gen.Elements(PurseLot.Cash, "补贴-11", "O\"Brien\\ \u0007 €🙂 <&'+>")
        from purse in Gen.Elements(Enum.GetValues<Purse>())
        from kind in Gen.Elements(Enum.GetValues<EntryKind>())
        from meal in Gen.Elements(Enum.GetValues<Meal>())
        from mode in Gen.Elements(Enum.GetValues<TapMode>())
        from amount in Gen.Choose(0, 9_999_999)
        from left in Gen.Choose(-1000, 1_000_000)
        from ticks in Gen.Choose(0, int.MaxValue)
        from zone in Gen.Choose(0, 8)
        from price in Gen.Choose(-1, 5000)
        from items in Items
        from flags in Gen.Choose(0, 7)
        select new CardEntry
        {
            Seq = seq,
            TapId = TapId.New(Crockford.Random),
            Part = part,
            AccountId = Samples.AccountNo(seq % 100_000),
            CardNo = Samples.CardNoOf(seq % 100),
            Purse = purse,
            Lot = lot,
            Kind = kind,
            Amount = new(amount),
            BalanceAfter = new(left),
            At = At.AddTicks(ticks % 3 == 0 ? 0 : ticks).ToOffset(TimeSpan.FromHours(zone)),
            PostingDay = Samples.Today.AddDays(ticks % 1000),
            MealPeriod = meal,
            Mode = mode,
            Price = price < 0 ? null : new Fen(price),
            Items = items,
            Reverses = (flags & 4) == 0 ? null : TapId.New(Crockford.Random),
            Offline = (flags & 1) != 0,
            TypedUid = (flags & 2) != 0,
        };

    [Fact]
    public void What_is_stored_is_what_a_message_bears() => Prop.ForAll(Entry.ToArbitrary(), entry =>
        Encoding.UTF8.GetString(EntryText.Of(entry)).ShouldBe(JsonSerializer.Serialize(entry, CardJson.Default.CardEntry)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(Most));
}
