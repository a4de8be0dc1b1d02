using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Taps;

/// <summary>撤销: this machine's last tap, within two minutes, once.</summary>
public sealed class Till_undo
{
    private readonly TillRig rig = TillRig.Online();
    private readonly CardBook cards;

    public Till_undo()
    {
        cards = new CardBook(rig).In(TapMode.Free);
        rig.Keys("12.50");
        cards.Tap(CardBook.Rich);
    }

    [Fact]
    public void The_last_tap_is_taken_back_shown_and_spoken_of()
    {
        var effects = cards.Undo();

        var reversal = effects[0].ShouldBeOfType<StoreTap>().Tap;
        (reversal.Kind, reversal.Amount, reversal.Reverses).ShouldBe((EntryKind.Reversal, new Fen(1250), cards.Journal[0].Id));
        effects[1].ShouldBeOfType<SpeakTap>().Utterance.Words.ShouldBe("十二点五元已撤销");
        cards.Approved.ShouldBe(reversal);
        cards.Balance(CardBook.Rich).ShouldBe(cards.Before(CardBook.Rich));
    }

    [Fact]
    public void It_is_taken_back_once()
    {
        cards.Undo();

        cards.Undo().ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.UndoNothing);
    }

    [Fact]
    public void What_is_keyed_for_the_next_diner_stays()
    {
        rig.Keys("8");

        cards.Undo().OfType<SpeakTap>().ShouldHaveSingleItem();

        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("8");
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.Undone);
        rig.State.PreviousTap!.Kind.ShouldBe(EntryKind.Reversal);
    }

    [Fact]
    public void After_two_minutes_it_is_too_late()
    {
        rig.Passes(121);

        cards.Undo().ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.UndoTooLate);
    }

    [Fact]
    public void A_full_store_takes_nothing_back()
    {
        cards.Stop = TapRefusal.StoreFull;

        cards.Undo().ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.StoreFull);
    }

    [Fact]
    public void A_new_journal_without_its_accounts_says_that_they_are_on_their_way()
    {
        cards.Stop = TapRefusal.NotSynced;

        cards.Undo().ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.NotSynced);
    }

    [Fact]
    public void Not_while_a_diner_pays_by_phone()
    {
        rig.ShowQr();

        cards.Undo().ShouldBeEmpty();

        rig.State.Face.ShouldBeOfType<ShowingQr>();
    }

    [Fact]
    public void A_count_is_taken_back_without_an_amount()
    {
        cards.In(TapMode.Count).Tap(CardBook.Poor);

        cards.Undo().OfType<SpeakTap>().Single().Utterance.Words.ShouldBe("已撤销");
    }
}
