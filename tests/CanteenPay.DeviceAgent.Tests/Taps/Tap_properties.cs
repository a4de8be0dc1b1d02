using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.DeviceAgent.Tests.Taps;

/// <summary>Whatever keys, cards, times and messages come, in whatever order.</summary>
public sealed class Tap_properties
{
    private static readonly CardNo[] Cards = [CardBook.Rich, CardBook.Rich, CardBook.Poor, CardBook.Lost, CardBook.Unknown];

    private static readonly Gen<Action<Walk>> Step = Gen.Frequency<Action<Walk>>(
        (6, Gen.Choose(0, 10).Select(key => new Action<Walk>(walk => walk.Rig.Keys(key == 10 ? "." : $"{key}")))),
        (8, Gen.Elements(Cards).Select(card => new Action<Walk>(walk => walk.Card(card)))),
        (1, Gen.Constant<Action<Walk>>(walk => walk.Rig.Happens(new CardLeft(walk.Rig.Now)))),
        (2, Gen.Constant<Action<Walk>>(walk => walk.Undo())),
        (2, Gen.Elements(Enum.GetValues<TapMode>()).Select(mode => new Action<Walk>(walk => walk.Book.In(mode)))),
        (1, Gen.Constant<Action<Walk>>(walk => walk.Rig.Happens(new ModePressed(walk.Rig.Now, PinLock.Open)))),
        (3, Gen.Elements(0.25, 1, 3, 8, 60, 121).Select(seconds => new Action<Walk>(walk => walk.Rig.Passes(seconds)))),
        (3, Gen.Constant<Action<Walk>>(walk => walk.Pay())),
        (2, Gen.Constant<Action<Walk>>(walk => walk.Qr())),
        (1, Gen.Constant<Action<Walk>>(walk => walk.Rig.Happens(new CancelPressed(walk.Rig.Now)))),
        (1, Gen.Constant<Action<Walk>>(walk => walk.Rig.Happens(new ClearPressed(walk.Rig.Now)))),
        (1, Gen.Constant<Action<Walk>>(walk => walk.Rig.Happens(new BackspacePressed(walk.Rig.Now)))),
        (1, Gen.Constant<Action<Walk>>(walk => walk.Rig.Happens(new ListPressed(walk.Rig.Now)))));

    private static void Holds(Action<Walk> invariant) => Prop.ForAll(
        Step.ListOf().Where(steps => steps.Count > 0).ToArbitrary(),
        steps =>
        {
            var walk = new Walk();
            foreach (var step in steps)
            {
                step(walk);
                invariant(walk);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120));

    [Fact]
    public void A_card_that_is_read_once_is_debited_at_most_once_and_only_by_a_decision_that_approved_it() => Holds(walk =>
    {
        walk.Book.Journal.Select(tap => tap.Id).Distinct().Count().ShouldBe(walk.Book.Journal.Count);
        foreach (var tap in walk.Book.Journal)
            walk.Allowed.ShouldContain(tap.Id);
        walk.Book.Journal.Count(tap => tap.Kind != EntryKind.Reversal).ShouldBeLessThanOrEqualTo(walk.Reads);
    });

    [Fact]
    public void No_debit_is_of_another_amount_than_the_one_on_the_screen() => Holds(walk =>
    {
        foreach (var (tap, onScreen) in walk.Debits)
            (tap.Price ?? tap.Amount).ShouldBe(onScreen);
    });

    [Fact]
    public void What_is_shown_as_approved_is_stored_and_what_is_stored_is_shown_or_was() => Holds(walk =>
    {
        if (walk.Rig.State.Face is TapShown { Tap: { } shown })
            walk.Book.Journal.ShouldContain(shown);
        if (walk.Rig.State.PreviousTap is { } previous)
            walk.Book.Journal.ShouldContain(previous);
    });

    [Fact]
    public void Every_tap_is_spoken_of_once_after_it_was_stored_and_nothing_else_as_approved() => Holds(walk =>
    {
        var spoken = walk.Rig.Effects.OfType<SpeakTap>().Where(speak => speak.TapId is not null).ToList();
        spoken.Select(speak => speak.TapId!.Value).ShouldBe(walk.Book.Journal.Select(tap => tap.Id));
        foreach (var speak in spoken)
            walk.Rig.Effects.IndexOf(speak).ShouldBeGreaterThan(walk.Rig.Effects.FindIndex(effect => effect is StoreTap store && store.Tap.Id == speak.TapId));
    });

    [Fact]
    public void An_account_is_never_overdrawn_and_every_reversal_gives_back_what_its_tap_took() => Holds(walk =>
    {
        walk.Book.Balance(CardBook.Rich).ShouldBeGreaterThanOrEqualTo(Fen.Zero);
        walk.Book.Balance(CardBook.Poor).ShouldBeGreaterThanOrEqualTo(Fen.Zero);
        walk.Book.Balance(CardBook.Lost).ShouldBe(walk.Book.Before(CardBook.Lost));
        foreach (var reversal in walk.Book.Journal.Where(tap => tap.Kind == EntryKind.Reversal))
            walk.Book.Journal.Single(tap => tap.Id == reversal.Reverses).Amount.ShouldBe(reversal.Amount);
        walk.Book.Journal.Where(tap => tap.Reverses is not null).Select(tap => tap.Reverses).Distinct().Count()
            .ShouldBe(walk.Book.Journal.Count(tap => tap.Kind == EntryKind.Reversal));
    });

    [Fact]
    public void No_card_disturbs_a_diner_who_pays_by_phone() => Holds(walk => walk.Disturbed.ShouldBeFalse());

    /// <summary>A till with cards, and what was seen of it from outside.</summary>
    private sealed class Walk
    {
        public Walk() => Book = new CardBook(Rig).In(TapMode.Free);

        public TillRig Rig { get; } = TillRig.Online();

        public CardBook Book { get; }

        public int Reads { get; private set; }

        /// <summary>Ids that the rules approved, or that an undo was given.</summary>
        public HashSet<TapId> Allowed { get; } = [];

        public List<(Tap Tap, Fen OnScreen)> Debits { get; } = [];

        public bool Disturbed { get; private set; }

        public void Card(CardNo card)
        {
            var (before, e) = (Rig.State, Book.Event(card));
            Reads++;
            if (TapRules.Decide(e.Question, e.Situation) is TapApproved approved)
                Allowed.Add(approved.Tap.Id);
            foreach (var store in Book.Take(e).OfType<StoreTap>().Where(store => store.Tap.Kind == EntryKind.Debit))
                Debits.Add((store.Tap, before.Asked.ToCollect(before.Cards)));
            Disturbed |= before.OpenOnScreen is { } order && Rig.State.OpenOnScreen?.Id != order.Id;
        }

        public void Undo() => Allowed.UnionWith(Book.Undo().OfType<StoreTap>().Select(store => store.Tap.Id));

        public void Pay() => Rig.Pay();

        public void Qr()
        {
            if (Rig.State.Face is WaitingForQr waiting)
                Rig.Qr(waiting.Order);
        }
    }
}
