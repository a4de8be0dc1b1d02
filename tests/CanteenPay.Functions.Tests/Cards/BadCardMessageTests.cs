using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Tests.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>Each card message with each field spoilt, each entry of one with each field spoilt, and amounts out of range: nothing is booked, and a person sees it once.</summary>
public sealed class BadCardMessageTests
{
    private static readonly string[] Messages = ["card-entries", "entry", "cards-pull"];

    /// <summary>Fields of entries that may be left out or null: the entry is another one then, and one that can be.</summary>
    private static readonly HashSet<string> Optional = new(StringComparer.Ordinal) { "v", "id", "traceparent", "part", "price", "items", "offline", "typedUid" };

    public static TheoryData<string, string, string> Cases()
    {
        using var world = new World();
        var cases = new TheoryData<string, string, string>();
        foreach (var type in Messages)
        {
            foreach (var (name, value) in Part(Sample(type, SomeJournal()), type).Where(part => part.Key != "type"))
            {
                foreach (var wrong in SpoiltMessages.Wrongs.Where(wrong => SpoiltMessages.IsWrong(name, value!, wrong, Optional) && !IsStillPossible(name, wrong)))
                    cases.Add(type, name, wrong);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_field_that_cannot_be_books_nothing_and_is_kept_once(string type, string field, string wrong)
    {
        using var world = new World();
        var journal = SomeJournal();
        await world.OpenAccountAsync("ACC0VNT1", 100_00);
        await world.CardsSayAsync(journal.Batch(1, 1));
        var message = Sample(type, journal);
        SpoiltMessages.Spoil(Part(message, type), field, wrong);

        await IsKeptAsync(world, Encoding.UTF8.GetBytes(message.ToJsonString()));
    }

    public static TheoryData<string> Impossible =>
        new() { "negative amount", "amount too large", "count with money", "subsidy from the cash lot", "cash from a subsidy's lot", "separator in the lot", "reversal of nothing", "debit that reverses", "kind 99", "purse 7", "a year before there was money" };

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task An_entry_that_our_agent_cannot_have_made_parks_its_journal(string what)
    {
        using var world = new World();
        var journal = new Journal();
        var account = await world.OpenAccountAsync("ACC0VNT1", 100_00);
        journal.Tap(account, 1_00);
        await world.CardsSayAsync(journal.Batch());
        journal.Tap(account, 1_00);
        journal.Tap(account, 1_00, entry => Spoil(entry, what));

        await IsKeptAsync(world, DeviceMessageJson.Write(journal.Batch(2)));
        await IsKeptAsync(world, DeviceMessageJson.Write(journal.Batch(2)));

        (await world.Cards.CursorAsync(journal.Merchant, journal.Device, journal.Epoch, CancellationToken.None))!.Parked.ShouldNotBeNull().ShouldContain("entry 3 cannot be");
    }

    private static CardEntry Spoil(CardEntry entry, string what) => what switch
    {
        "negative amount" => entry with { Amount = new Fen(-1) },
        "amount too large" => entry with { Amount = new Fen(Fen.MaxKeyed.Value + 1) },
        "count with money" => entry with { Kind = EntryKind.Count },
        "subsidy from the cash lot" => entry with { Purse = Purse.Subsidy },
        "cash from a subsidy's lot" => entry with { Lot = "grant-2026-10" },
        "separator in the lot" => entry with { Purse = Purse.Subsidy, Lot = "a|b" },
        "reversal of nothing" => entry with { Kind = EntryKind.Reversal },
        "debit that reverses" => entry with { Reverses = entry.TapId },
        "kind 99" => entry with { Kind = (EntryKind)99 },
        "purse 7" => entry with { Purse = (Purse)7 },
        _ => entry with { At = DateTimeOffset.MinValue },
    };

    private static async Task IsKeptAsync(World world, byte[] payload)
    {
        await world.CardBytesAsync(payload);

        world.Failures.ShouldBeEmpty("a failed invocation would come back ten times");
        (await world.AccountAsync(AccountId.Parse("ACC0VNT1"))).Balance.ShouldBe(new Fen(99_00));
        (await world.Cards.CursorsAsync(World.Merchant, CancellationToken.None).ToListAsync()).ShouldHaveSingleItem().Through.ShouldBe(1);
        world.ToldOfCards().ShouldAllBe(told => told is CardEntriesAck && ((CardEntriesAck)told).Through == 1);
        (await world.ParkedAsync()).Count.ShouldBe(1, "kept once for a person");
    }

    private static Journal SomeJournal()
    {
        var account = new CardAccount { AccountId = AccountId.Parse("ACC0VNT1"), Version = 1, CardType = "staff", Cards = [new(CardNo.Parse("0A0B0C0D"), CardState.Active)] };
        var journal = new Journal();
        var tap = journal.Tap(account, 1_00);
        journal.Tap(account, 1_00, entry => entry with { Offline = true, TypedUid = true, Part = 1, Price = new Fen(2_00), Items = [new(1, 1, new Fen(2_00))] });
        journal.Reverse(tap, entry => entry with { Offline = true, TypedUid = true });
        return journal;
    }

    private static JsonObject Sample(string type, Journal journal)
    {
        DeviceMessage message = type == "cards-pull" ? journal.Pull(5, AccountId.Parse("ACC0VNT1"), 7) : journal.Batch(2);
        return JsonNode.Parse(DeviceMessageJson.Write(message))!.AsObject();
    }

    private static JsonObject Part(JsonObject message, string type) => type == "entry" ? message["entries"]![1]!.AsObject() : message;

    /// <summary>What is wrong elsewhere is possible here: a balance may be negative, and any clock can be.</summary>
    private static bool IsStillPossible(string field, string wrong) => (field, wrong) is ("balanceAfter", "negative");
}
