using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal.Taps;

/// <summary>A card lies on the reader.</summary>
/// <param name="At">When.</param>
/// <param name="Question">What is asked (<see cref="TillTaps.Question"/>).</param>
/// <param name="Situation">What the machine knows.</param>
internal sealed record CardPresented(DateTimeOffset At, TapQuestion Question, CardSituation Situation) : TillEvent(At);

/// <summary>A card left the reader before it could be read.</summary>
internal sealed record CardLeft(DateTimeOffset At) : TillEvent(At);

/// <summary>撤销: take this machine's last tap back.</summary>
/// <param name="At">When.</param>
/// <param name="Last">This machine's newest tap or reversal, as stored; null when there is none.</param>
/// <param name="Id">For the reversal.</param>
/// <param name="Now">By the corrected clock, never before what was stored last.</param>
/// <param name="View">The tap's account as this machine reckons with it.</param>
/// <param name="Stop">Why no card pays here now.</param>
internal sealed record UndoPressed(DateTimeOffset At, Tap? Last, TapId Id, DateTimeOffset Now, CardAccount? View, TapRefusal? Stop) : TillEvent(At);

/// <summary>模式: the till is to work otherwise.</summary>
internal sealed record ModePressed(DateTimeOffset At, PinLock Lock) : TillEvent(At);

/// <summary>How cards are taken is otherwise than before; null when the merchant takes none.</summary>
internal sealed record CardsLookedAt(DateTimeOffset At, CardDesk? Cards) : TillEvent(At);
