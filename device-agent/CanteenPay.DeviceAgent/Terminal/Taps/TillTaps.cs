using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal.Taps;

/// <summary>
/// Cards at the till, pure as the rest of it. A card pays what the screen says, and only at a free till; what is approved is stored first, and only then shown
/// and spoken of.
/// </summary>
/// <param name="limits">How long the till waits for what.</param>
internal sealed class TillTaps(TillLimits limits)
{
    /// <summary>What a card on the reader asks of the rules, at a till in this state.</summary>
    /// <param name="state">The till.</param>
    /// <param name="card">The card.</param>
    /// <param name="id">For the tap.</param>
    /// <param name="at">Now, by the corrected clock.</param>
    /// <param name="typed">A keyboard reader typed its UID.</param>
    public static TapQuestion Question(TillState state, CardNo card, TapId id, DateTimeOffset at, bool typed)
    {
        var (mode, asked) = (state.Cards?.Mode ?? TapMode.Free, state.Asked);
        var (keyed, items) = mode switch
        {
            TapMode.Free => (asked.Amount.Amount, []),
            TapMode.Item => (asked.Basket.Total, asked.Basket.Items),
            _ => (Fen.Zero, (IReadOnlyList<SoldItem>)[]),
        };
        return new(card, id, at, mode, keyed, items, typed, Offline: !state.Online);
    }

    /// <summary>A card lies on the reader.</summary>
    public TillStep OnCard(TillState state, CardPresented e)
    {
        if (Hindrance(state) is { } notice)
            return Told(state, notice, e.At, WordOf(notice));
        var decision = TapRules.Decide(e.Question, e.Situation);
        return (decision, state.Asked) switch
        {
            (TapApproved approved, _) => Made(state, e.Question.Id, approved, e.At),
            // The diner's card still lies there while the next amount is being keyed.
            (TapRepeated, { IsEmpty: false }) => Told(state, Notice.CardRepeated, e.At),
            (_, var asked) => new(Shown(state, e.Question.Id, decision, asked, e.At), Said(decision, tap: null, e.At)),
        };
    }

    /// <summary>请重新刷卡: nothing was read, and what was keyed stays.</summary>
    public TillStep OnLeft(TillState state, CardLeft e) => state.IsBusy
        ? new(state)
        : Told(Settle(state), Notice.TapAgain, e.At, Clip.TapAgain);

    /// <summary>撤销. What is keyed for the next diner stays on the screen: only the line tells of it then.</summary>
    public TillStep Undo(TillState state, UndoPressed e)
    {
        if (state.IsBusy)
            return new(state);
        var (reversal, refusal) = e.Stop switch
        {
            TapRefusal.StoreFull => (null, UndoRefusal.StoreFull),
            TapRefusal.NotSynced => (null, UndoRefusal.NotSynced),
            _ => TapRules.Undo(e.Last, e.Id, e.Now, e.View, offline: !state.Online),
        };
        if (reversal is not null)
        {
            var made = Made(state, e.Id, new TapApproved(reversal), e.At);
            return state.Asked.IsEmpty ? made : made with { State = Told(Settle(state) with { PreviousTap = reversal }, Notice.Undone, e.At).State };
        }

        return Told(Settle(state), refusal switch
        {
            UndoRefusal.TooLate => Notice.UndoTooLate,
            UndoRefusal.StoreFull => Notice.StoreFull,
            UndoRefusal.NotSynced => Notice.NotSynced,
            _ => Notice.UndoNothing,
        }, e.At);
    }

    /// <summary>Puts a result away, and what was keyed back in its place.</summary>
    public static TillState Settle(TillState state) => state.Face is TapShown shown ? Till.Leave(state) with { Face = shown.Kept } : state;

    /// <summary>
    /// The line of the previous payment is about a tap until an order has news: one that is newer than the tap, or one whose money moved or which needs a person.
    /// </summary>
    public static TillState Line(TillState before, TillState after) =>
        after is { PreviousTap: { } tap, Previous: { } order } && order != before.Previous && TakesLine(order, tap) ? after with { PreviousTap = null } : after;

    /// <summary>Whether an order has more to say than a tap.</summary>
    public static bool TakesLine(Order order, Tap tap) =>
        order.RequestedAt > tap.At || order.Disputed || order.Stage is OrderStage.Paid or OrderStage.Refunding or OrderStage.Refunded;

    /// <summary>Why no card pays now, whatever card it is; null when the rules are to say.</summary>
    private static Notice? Hindrance(TillState state) => state switch
    {
        { Face: ManagerFace } => Notice.ManagerFirst,
        { IsBusy: true } => Notice.CancelFirst,
        // The list covers what would be paid; this notice takes it away.
        { ListUntil: not null, Asked.IsEmpty: false } => Notice.TapAgain,
        { Cards.IsWithoutKeys: true, Asked.IsEmpty: false } => Notice.ClearFirst,
        { Cards.Mode: TapMode.Item } => state.Asked.Basket.Problem,
        _ => null,
    };

    /// <summary>What is to be done, for whoever does not look at the screen. Only a manager at the keys is waited for.</summary>
    private static Clip WordOf(Notice hindrance) => hindrance switch
    {
        Notice.CancelFirst => Clip.CancelFirst,
        Notice.TapAgain => Clip.TapAgain,
        Notice.ClearFirst => Clip.ClearFirst,
        Notice.NoSuchItem => Clip.NoSuchItem,
        Notice.BasketFull => Clip.BasketFull,
        Notice.ManagerFirst => Clip.Wait,
        _ => throw new ArgumentOutOfRangeException(nameof(hindrance), hindrance, "Hinders no card."),
    };

    private TillStep Made(TillState state, TapId presented, TapApproved made, DateTimeOffset at) =>
        new(Shown(state, presented, made, Keying.Empty, at), [new StoreTap(made.Tap), .. Said(made, made.Tap.Id, at)]);

    private TillState Shown(TillState state, TapId presented, TapDecision decision, Keying kept, DateTimeOffset at) =>
        Till.Leave(state) with { Face = new TapShown(presented, decision, kept, at + limits.ResultStays), Notice = null, ListUntil = null, Chosen = null };

    private List<TillEffect> Said(TapDecision decision, TapId? tap, DateTimeOffset at) =>
        TapWords.Of(decision) is { } words ? [new SpeakTap(words, at + limits.SpeakTapWithin, tap)] : [];

    private TillStep Told(TillState state, Notice notice, DateTimeOffset at, Clip? clip = null) => new(
        state with { Notice = (notice, at + limits.NoticeStays), ListUntil = null, Chosen = null },
        clip is null ? [] : [new SpeakTap(new([clip]), at + limits.SpeakTapWithin)]);
}
