using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations.Rules;

/// <summary>Whether a machine may still hold taps of an account that closes.</summary>
public sealed class SettledRulesTests
{
    private static readonly Epoch Current = Epoch.Parse("EP0CH001");
    private static readonly Epoch Old = Epoch.Parse("EP0CH000");

    [Fact]
    public void A_machine_that_knows_and_whose_entries_are_all_booked_is_settled() => Waits([Booked(Current, 5)], Said(9, (Current, 5))).ShouldBeEmpty();

    [Fact]
    public void What_was_booked_since_it_spoke_does_not_matter() => Waits([Booked(Current, 8)], Said(9, (Current, 5))).ShouldBeEmpty();

    [Fact]
    public void A_machine_that_does_not_know_yet_is_waited_for() => Waits([Booked(Current, 5)], Said(8, (Current, 5))).ShouldHaveSingleItem().ShouldContain("8 of 9");

    [Fact]
    public void What_is_still_on_the_machine_is_waited_for_in_old_journals_too() =>
        Waits([Booked(Old, 3), Booked(Current, 5)], Said(9, (Current, 7), (Old, 4))).Select(wait => wait[..1]).ShouldBe(["1", "2"]);

    [Fact]
    public void A_parked_journal_says_why() =>
        Waits([Booked(Current, 5) with { Parked = "entry 6 differs" }], Said(9, (Current, 6))).ShouldHaveSingleItem().ShouldContain("entry 6 differs");

    [Fact]
    public void A_machine_that_never_spoke_is_waited_for_unless_all_of_its_journals_were_ended()
    {
        Waits([Booked(Current, 5)], null).ShouldHaveSingleItem();
        Waits([Booked(Current, 5)], new(World.Noon, 9, 1, [])).ShouldHaveSingleItem();
        Waits([Booked(Current, 5) with { Ended = true }], null).ShouldBeEmpty();
    }

    [Fact]
    public void A_machine_that_went_to_another_merchant_need_not_know_but_must_have_sent_what_it_had()
    {
        var moved = new MachineJournals(World.Noon, 1, 1, [new(Epoch.Parse("EP0CH00A"), World.OtherMerchant, 3, 0), new(Current, World.Merchant, 6, 5)]);

        Waits([Booked(Current, 5)], moved).ShouldHaveSingleItem().ShouldContain("1 records");
        Waits([Booked(Current, 6)], moved).ShouldBeEmpty();
    }

    [Fact]
    public void A_journal_that_began_anew_is_settled_by_the_one_after_it()
    {
        Waits([Booked(Old, 3) with { Restart = true }, Booked(Current, 5)], Said(9, (Current, 5))).ShouldBeEmpty();
        Waits([Booked(Current, 3) with { Restart = true }], Said(9, (Current, 5))).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_journal_that_is_no_longer_named_is_waited_for_until_it_is_ended() =>
        Waits([Booked(Old, 3), Booked(Current, 5)], Said(9, (Current, 5))).ShouldHaveSingleItem().ShouldContain("EP0CH000");

    [Fact]
    public void A_journal_of_which_nothing_has_come_yet_is_waited_for_once_it_has_taps()
    {
        Waits([Booked(Current, 5)], Said(9, (Epoch.Parse("EP0CH002"), 2), (Current, 5))).ShouldHaveSingleItem().ShouldContain("EP0CH002");
        Waits([Booked(Current, 5) with { Ended = true }], Said(9, (Epoch.Parse("EP0CH002"), 2))).ShouldHaveSingleItem().ShouldContain("EP0CH002");
        Waits([Booked(Current, 5)], Said(9, (Epoch.Parse("EP0CH002"), 0), (Current, 5))).ShouldBeEmpty();
    }

    private static List<string> Waits(IReadOnlyList<CursorRow> journals, MachineJournals? said) => [.. SettledRules.Waits(World.Merchant, 9, journals, said)];

    private static CursorRow Booked(Epoch epoch, long through) => CursorRow.Begin(World.Merchant, World.Machine, epoch) with { Through = through };

    private static MachineJournals Said(long feedVersion, params (Epoch Epoch, long LastSeq)[] journals) =>
        new(World.Noon, feedVersion, 1, [.. journals.Select(journal => new JournalState(journal.Epoch, World.Merchant, journal.LastSeq, 0))]);
}
