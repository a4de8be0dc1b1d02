using System.Text.Json.Serialization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>A message of the queue <c>payment-polls</c>: take this step of this order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Kind">Which kind of step.</param>
/// <param name="Number">Its number; see <see cref="Rules.PollSchedule"/>, or the number of times that the result was announced.</param>
/// <param name="Try">Counted up when a step could not be taken, so that duplicate detection does not swallow the next try.</param>
internal sealed record PaymentStep(OrderId OrderId, PaymentStepKind Kind, int Number, int Try = 0)
{
    /// <summary>The id under which Service Bus recognises a duplicate.</summary>
    public string MessageId => Kind == PaymentStepKind.Poll ? $"{OrderId}-{Number}-{Try}" : $"{OrderId}-a{Number}-{Try}";
}

/// <summary>Kinds of steps.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PaymentStepKind>))]
internal enum PaymentStepKind
{
    /// <summary>Ask the channel.</summary>
    Poll,

    /// <summary>See whether the machine has acknowledged the result, and say it again if not.</summary>
    Announce,
}
