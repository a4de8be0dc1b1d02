using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>A step of the manager at the till, given up by itself at a time.</summary>
/// <param name="Until">When it is given up.</param>
internal abstract record ManagerFace(DateTimeOffset Until) : Face;

/// <summary>How much is to go back: what is left of the order unless less is keyed.</summary>
internal sealed record EnteringRefund(Order Order, KeyedAmount Keyed, DateTimeOffset Until) : ManagerFace(Until)
{
    /// <summary>What would go back, in fen.</summary>
    public Fen Amount => Keyed.Text is "" ? RefundRules.Left(Order) : Keyed.Amount;
}

/// <summary>The manager's PIN is being keyed.</summary>
/// <param name="Purpose">What it allows.</param>
/// <param name="Pin">What was keyed.</param>
/// <param name="TriesLeft">After a wrong one, how many wrong ones are still allowed.</param>
/// <param name="Until">When it is given up.</param>
internal sealed record EnteringPin(PinPurpose Purpose, Pin Pin, int? TriesLeft, DateTimeOffset Until) : ManagerFace(Until);

/// <summary>A refund was asked for; how it stands is shown for a while, or until a key.</summary>
internal sealed record RefundShown(Order Order, Refund Refund, DateTimeOffset Until) : Face;

/// <summary>What a manager's PIN allows.</summary>
internal abstract record PinPurpose;

/// <summary>To give this much of this order back.</summary>
internal sealed record AllowRefund(Order Order, Fen Amount) : PinPurpose;

/// <summary>To take the word of the damaged database off the screen.</summary>
internal sealed record ConfirmDamage : PinPurpose;
