using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal.Taps;

/// <summary>模式: how the till works, switched by a manager and remembered. Pure, as the rest of the till.</summary>
/// <param name="limits">How long the till waits for what.</param>
internal sealed class TillModes(TillLimits limits)
{
    private const int Modes = 4;

    /// <summary>The key: the first offers the next mode, each more the one after it.</summary>
    public TillStep Begin(TillState state, ModePressed e)
    {
        if (state is { Face: ChoosingMode choosing })
            return Offer(state, Next(choosing.Mode), e.At);
        if (state.IsBusy)
            return new(state);
        Notice? refusal = (state.Cards, e.Lock) switch
        {
            (null, _) => Notice.CardsOff,
            (_, PinLock.NotSet) => Notice.ModeOff,
            (_, PinLock.Locked) => Notice.PinLocked,
            _ => null,
        };
        return refusal is { } notice
            ? new(state with { Notice = (notice, e.At + limits.NoticeStays) })
            : Offer(Till.Leave(state), Next(state.Cards!.Mode), e.At);
    }

    /// <summary>A key while a mode is offered: 1 to 4 picks one, 确认 asks for the PIN.</summary>
    public TillStep Key(TillState state, ChoosingMode choosing, TillEvent happened) => happened switch
    {
        DigitPressed { Digit: >= 1 and <= Modes } digit => Offer(state, (TapMode)(digit.Digit - 1), happened.At),
        PayPressed => new(state with { Face = new EnteringPin(new AllowMode(choosing.Mode), Pin.Empty, TriesLeft: null, happened.At + limits.ManagerStays) }),
        _ => new(state),
    };

    /// <summary>A manager has allowed it.</summary>
    public static TillStep Switched(TillState state, TapMode mode) => state.Cards is { } cards
        ? new(state with { Cards = cards with { Mode = mode } }, [new RememberMode(mode == cards.Usual ? null : mode)])
        : new(state);

    /// <summary>
    /// How cards are taken now. What was keyed for another mode means something else in this one; but without cards an amount is keyed as in 任意, and half of one
    /// must not be forgotten because rules have come.
    /// </summary>
    public static TillState Seen(TillState state, CardDesk? cards) => (ModeOf(state.Cards) == ModeOf(cards), state.Face) switch
    {
        (false, Keying) => state with { Cards = cards, Face = Keying.Empty },
        (false, TapShown shown) => state with { Cards = cards, Face = shown with { Kept = Keying.Empty } },
        (false, ChoosingMode or EnteringPin { Purpose: AllowMode }) when cards is null => state with { Cards = cards, Face = Keying.Empty },
        _ => state with { Cards = cards },
    };

    private TillStep Offer(TillState state, TapMode mode, DateTimeOffset at) => new(
        state with { Face = new ChoosingMode(mode, at + limits.ManagerStays), Notice = null, ListUntil = null, Chosen = null });

    private static TapMode ModeOf(CardDesk? cards) => cards?.Mode ?? TapMode.Free;

    private static TapMode Next(TapMode mode) => (TapMode)(((int)mode + 1) % Modes);
}
