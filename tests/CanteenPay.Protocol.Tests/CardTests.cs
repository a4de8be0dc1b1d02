using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Protocol.Tests;

/// <summary>What machine and cloud must agree on to the last bit: messages of cards, the running hash, and what entries do to an account.</summary>
public sealed class CardTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 5, 0, TimeSpan.FromHours(8));
    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");
    private static readonly DeviceId Device = DeviceId.Parse("DEVMACH1");
    private static readonly Epoch Epoch = Epoch.Parse("EP0CH001");
    private static readonly EntryHash Genesis = EntryHash.Genesis(Merchant, Device, Epoch);

    private static readonly CardEntry Entry = new()
    {
        Seq = 7,
        TapId = TapId.Parse("TAP000000001"),
        Part = 1,
        AccountId = AccountId.Parse("ACC00001"),
        CardNo = CardNo.Parse("04A1B2C3"),
        Purse = Purse.Subsidy,
        Lot = "grant-2026-11",
        Kind = EntryKind.Debit,
        Amount = new(1250),
        BalanceAfter = new(8750),
        At = Noon,
        PostingDay = new(2026, 11, 22),
        MealPeriod = Meal.Lunch,
        Mode = TapMode.Item,
        Price = new(1500),
        Items = [new(3, 2, new(750))],
        Offline = true,
        TypedUid = true,
    };

    private static readonly CardAccount Account = new()
    {
        AccountId = Entry.AccountId,
        Version = 12,
        State = AccountState.Closing,
        CardType = "staff",
        Name = "王小明",
        Department = "后勤",
        Cards = [new(Entry.CardNo, CardState.Lost) { Since = Noon }, new(CardNo.Parse("0011223344"), CardState.Active)],
        Purses = [new(PurseLot.Cash, Purse.Cash, new(-5)), new("grant-2026-11", Purse.Subsidy, new(300)) { ValidUntil = new(2026, 12, 31), Expired = new(7), ExpiredAt = Noon }],
        Counters = new(new(2026, 11, 22), new Dictionary<Meal, Spent> { [Meal.Lunch] = new(new(1250), 1) }),
        Applied = new Dictionary<string, long> { ["DEVMACH1-EP0CH001"] = 6 },
    };

    public static TheoryData<DeviceMessage> All => new()
    {
        new CardEntries { MerchantId = Merchant, Epoch = Epoch, First = 7, PrevHash = Genesis, LastSeq = 9, SentAt = Noon, Entries = [Entry, Entry with { Seq = 8, Reverses = Entry.TapId, Kind = EntryKind.Reversal, Items = null, Price = null }] },
        new CardEntriesAck { MerchantId = Merchant, Epoch = Epoch, Through = 7, Hash = Genesis, InReplyTo = "X", Restart = true, HeldThrough = 3, HeldHash = Genesis },
        new CardEntriesAck { MerchantId = Merchant, Epoch = Epoch, Through = 0, Hash = Genesis },
        new CardsPull { MerchantId = Merchant, Epoch = Epoch, HaveVersion = 4, AfterAccountId = Entry.AccountId, AtVersion = 5 },
        new CardsPart { MerchantId = Merchant, FromVersion = 4, Version = 5, Delta = true, AfterAccountId = Entry.AccountId, Accounts = [Account], More = true },
        new CardsChanged { MerchantId = Merchant, FromVersion = 4, ToVersion = 5, Accounts = [Account] },
        new MachineSettings
        {
            MerchantId = Merchant,
            Version = 3,
            Cards = new()
            {
                Mode = TapMode.Fixed,
                Meals = [new(Meal.Lunch, new(11, 0), new(13, 30)) { Price = new(1500) }, new(Meal.Night, new(22, 0), new(2, 0))],
                CardTypes = [new("staff", new("职工", "Staff")) { PaidBasisPoints = 8_000, FirstTaps = 1, FirstPrice = new(100), Limits = new() { PerTap = new(2000), DayTaps = 3 }, SpillsToCash = false, Meals = [Meal.Lunch] }],
                Items = [new(3, new("面", "Noodles"), new(750))],
                Unbooked = new() { PerAccount = new(5000), OfflineMinutes = 60 },
                TypedUid = new() { DayAmount = new(2000) },
            },
        },
        new DeviceStatus { Version = "1", Unsent = 0, OpenOrders = 0, Clock = Noon, DiskFreeBytes = 1, Journals = [new(Epoch, Merchant, 9, 7)], FeedVersion = 5, SettingsVersion = 3 },
        new StatusAck { Now = Noon, InReplyTo = "X", FeedVersion = 5, SettingsVersion = 3, Cursors = [new(Epoch, Merchant, 7, Genesis, Restart: true)] },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Every_message_of_cards_survives_writing_and_reading(DeviceMessage message)
    {
        var bytes = DeviceMessageJson.Write(message);

        DeviceMessageJson.TryRead(bytes, out var read, out var error).ShouldBeTrue(error);

        read.ShouldBeOfType(message.GetType());
        var json = Encoding.UTF8.GetString(bytes);
        // Records with lists are not equal to others: what was read is compared by how it is written.
        Encoding.UTF8.GetString(DeviceMessageJson.Write(read)).ShouldBe(json);
        foreach (var field in message.GetType().GetProperties().Where(field => field.CanWrite && field.GetValue(message) is not null))
            json.ShouldContain($"\"{char.ToLowerInvariant(field.Name[0])}{field.Name[1..]}\":");
    }

    [Fact]
    public void An_entry_is_written_as_the_protocol_says()
    {
        var json = Encoding.UTF8.GetString(DeviceMessageJson.Write(new CardEntries
        {
            MerchantId = Merchant,
            Epoch = Epoch,
            First = 7,
            PrevHash = Genesis,
            LastSeq = 7,
            SentAt = Noon,
            Entries = [Entry],
        }));

        json.ShouldContain("\"type\":\"card-entries\"");
        json.ShouldContain(
            "{\"seq\":7,\"tapId\":\"TAP000000001\",\"part\":1,\"accountId\":\"ACC00001\",\"cardNo\":\"04A1B2C3\",\"purse\":\"subsidy\",\"lot\":\"grant-2026-11\","
            + "\"kind\":\"debit\",\"amount\":1250,\"balanceAfter\":8750,");
        json.ShouldContain("\"postingDay\":\"2026-11-22\",\"mealPeriod\":\"lunch\",\"mode\":\"item\"");
    }

    [Fact]
    public void The_hash_is_SHA_256_over_the_hash_before_and_every_field_in_order()
    {
        static string Of(string text) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));

        Genesis.Value.ShouldBe(Of("canteenpay card journal 1|DEVMERCH|DEVMACH1|EP0CH001"));
        Genesis.Then(Entry).Value.ShouldBe(Of(
            Genesis.Value + "|7|TAP000000001|1|ACC00001|04A1B2C3|1|grant-2026-11|0|1250|8750|1795320300000|20261122|1|3|1500||True|True|3x2@750"));
        Genesis.Then(Entry with { At = Noon.ToUniversalTime() }).ShouldBe(Genesis.Then(Entry), "an instant, not how it is written");
    }

    public static TheoryData<CardEntry> Changed =>
    [
        Entry with { Seq = 8 }, Entry with { TapId = TapId.Parse("TAP000000002") }, Entry with { Part = 0 }, Entry with { AccountId = AccountId.Parse("ACC00002") },
        Entry with { CardNo = CardNo.Parse("04A1B2C4") }, Entry with { Purse = Purse.Cash }, Entry with { Lot = "grant-2026-12" }, Entry with { Kind = EntryKind.Reversal },
        Entry with { Amount = new(1251) }, Entry with { BalanceAfter = new(8751) }, Entry with { At = Noon.AddMilliseconds(1) }, Entry with { PostingDay = new(2026, 11, 23) },
        Entry with { MealPeriod = Meal.Dinner }, Entry with { Mode = TapMode.Free }, Entry with { Price = null }, Entry with { Price = new(1501) },
        Entry with { Items = null }, Entry with { Items = [new(3, 2, new(751))] }, Entry with { Items = [new(3, 3, new(750))] }, Entry with { Items = [new(4, 2, new(750))] },
        Entry with { Reverses = TapId.Parse("TAP000000001") }, Entry with { Offline = false }, Entry with { TypedUid = false },
    ];

    [Theory]
    [MemberData(nameof(Changed))]
    public void Whatever_field_is_changed_the_hash_is_another(CardEntry changed) => Genesis.Then(changed).ShouldNotBe(Genesis.Then(Entry));

    [Fact]
    public void A_journal_s_first_hash_says_whose_it_is_and_the_order_of_entries_counts()
    {
        EntryHash.Genesis(MerchantId.Parse("DEVMERCJ"), Device, Epoch).ShouldNotBe(Genesis);
        EntryHash.Genesis(Merchant, DeviceId.Parse("DEVMACH2"), Epoch).ShouldNotBe(Genesis);
        EntryHash.Genesis(Merchant, Device, Epoch.Parse("EP0CH002")).ShouldNotBe(Genesis);
        var other = Entry with { Seq = 8 };
        Genesis.Then(Entry).Then(other).ShouldNotBe(Genesis.Then(other).Then(Entry));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("g000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("abcdef0000000000000000000000000000000000000000000000000000000000")]
    public void What_is_not_a_hash_is_refused(string text) => EntryHash.TryParse(text, null, out _).ShouldBeFalse();

    [Theory]
    [InlineData("12345")]
    [InlineData("123456789012345678901")]
    [InlineData("04a1b2c3")]
    [InlineData("04A1B2C3/..")]
    public void What_is_not_a_card_number_is_refused_without_repeating_it(string text)
    {
        CardNo.TryParse(text, null, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => CardNo.Parse(text)).Message.ShouldNotContain(text);
    }

    [Fact]
    public void A_card_number_prints_masked_wherever_it_stands()
    {
        $"{Entry.CardNo}".ShouldBe("****B2C3");
        Entry.ToString().ShouldNotContain("04A1B2C3");
        Account.ToString().ShouldNotContain("04A1B2C3");
        default(CardNo).ToString().ShouldBe("");
    }

    private static readonly Gen<CardEntry> AnyEntry =
        from kind in Gen.Elements(EntryKind.Debit, EntryKind.Debit, EntryKind.Reversal, EntryKind.Count)
        from lot in Gen.Elements("cash", "a", "b")
        from amount in Gen.Choose(0, 3000)
        from part in Gen.Choose(0, 1)
        from day in Gen.Choose(22, 24)
        from meal in Gen.Elements(Meal.Lunch, Meal.Dinner)
        select Entry with
        {
            Kind = kind,
            Lot = lot,
            Purse = lot == "cash" ? Purse.Cash : Purse.Subsidy,
            Amount = new(kind == EntryKind.Count ? 0 : amount),
            Part = part,
            PostingDay = new(2026, 11, day),
            MealPeriod = meal,
        };

    private static void ForAllJournals(Action<IReadOnlyList<CardEntry>> holds) => Prop.ForAll(
        AnyEntry.ListOf().Select(entries => entries.Select((entry, index) => entry with { Seq = index + 1 }).ToList()).ToArbitrary(), holds).QuickCheckThrowOnFailure();

    [Fact]
    public void A_balance_is_what_it_was_and_the_sum_of_the_entries() => ForAllJournals(entries =>
    {
        var after = entries.Aggregate(Account, AccountView.Apply);

        (after.Balance - Account.Balance).ShouldBe(entries.Aggregate(Fen.Zero, (sum, entry) => sum + entry.Change));
        foreach (var lot in after.Purses)
        {
            var before = Account.Purses.FirstOrDefault(known => known.Lot == lot.Lot)?.Balance ?? Fen.Zero;
            (lot.Balance - before).ShouldBe(entries.Where(entry => entry.Lot == lot.Lot).Aggregate(Fen.Zero, (sum, entry) => sum + entry.Change));
        }
    });

    [Fact]
    public void Whatever_of_a_journal_the_cloud_has_booked_already_the_machine_comes_to_the_same() => ForAllJournals(entries =>
    {
        const string Journal = "DEVMACH1-EP0CH002";
        var all = entries.Aggregate(Account, AccountView.Apply);
        for (var booked = 0; booked <= entries.Count; booked++)
        {
            var told = entries.Take(booked).Aggregate(Account, AccountView.Apply) with { Applied = new Dictionary<string, long> { [Journal] = booked } };
            var view = AccountView.With(told, Journal, entries);
            view.Purses.ShouldBe(all.Purses);
            (view.Counters?.Day, view.Counters?.Total).ShouldBe((all.Counters?.Day, all.Counters?.Total));
        }
    });

    [Fact]
    public void A_reversal_undoes_lot_and_counters() => Prop.ForAll(AnyEntry.Where(entry => entry.Kind != EntryKind.Reversal).ToArbitrary(), tap =>
    {
        var clean = Account with { Purses = [.. new[] { "cash", "a", "b" }.Select(lot => new PurseLot(lot, lot == "cash" ? Purse.Cash : Purse.Subsidy, new(5000)))], Counters = null };
        var undone = AccountView.Apply(AccountView.Apply(clean, tap), tap with { Kind = EntryKind.Reversal, Reverses = tap.TapId, TapId = TapId.Parse("TAP000000009") });

        undone.Purses.ShouldBe(clean.Purses);
        undone.Counters!.Total.ShouldBe(default);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Counters_are_about_the_newest_day_and_an_entry_of_another_account_is_a_mistake()
    {
        var today = AccountView.Apply(Account with { Counters = null }, Entry with { Part = 0, PostingDay = new(2026, 11, 23) });

        AccountView.Apply(today, Entry with { Part = 0 }).Counters.ShouldBe(today.Counters);
        AccountView.Apply(today, Entry with { Part = 0, PostingDay = new(2026, 11, 24) }).Counters!.Total.ShouldBe(new(new(1250), 1));
        Should.Throw<ArgumentException>(() => AccountView.Apply(Account, Entry with { AccountId = AccountId.Parse("ACC00009") }));
    }
}
