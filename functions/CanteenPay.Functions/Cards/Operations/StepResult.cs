using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>
/// What a step of an operation came to, kept with what it moved: the same key is answered the same for ever. A refusal is kept so too, so that of two who work on one
/// operation the first decides.
/// </summary>
/// <param name="At">When, by the cloud's clock.</param>
internal sealed record StepResult(DateTimeOffset At)
{
    /// <summary>What the account holds after it, in fen; absent with a refusal.</summary>
    public Fen? Balance { get; init; }

    /// <summary>How the account stands after it; absent with a refusal.</summary>
    public AccountState? State { get; init; }

    /// <summary>Why nothing was moved; absent where it was.</summary>
    public Refused? Refused { get; init; }
}
