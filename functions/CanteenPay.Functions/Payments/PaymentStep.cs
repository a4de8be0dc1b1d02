using System.Globalization;
using System.Text.Json.Serialization;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>A message of the queue <c>payment-polls</c>: take this step of this order or refund.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Kind">Which kind of step.</param>
/// <param name="Number">Its number; see <see cref="PollSchedule"/> and <see cref="RefundSchedule"/>, or the number of times that the result was announced.</param>
/// <param name="Try">Counted up when a step could not be taken, so that duplicate detection does not swallow the next try.</param>
/// <param name="Refund">The refund of the order that it is about, counted from 1; 0 for the order itself.</param>
internal sealed record PaymentStep(OrderId OrderId, PaymentStepKind Kind, int Number, int Try = 0, int Refund = 0)
{
    /// <summary>The id under which Service Bus recognises a duplicate.</summary>
    public string MessageId => string.Create(CultureInfo.InvariantCulture, $"{Subject}-{(Kind == PaymentStepKind.Announce ? "a" : "")}{Number}-{Try}");

    private string Subject => Refund == 0 ? OrderId.Value : new RefundId(OrderId, Refund).Value;

    /// <summary>The first look whether the machine has acknowledged what a refund made of its order.</summary>
    public static PaymentStep AnnounceAfter(RefundId refund) => new(refund.Order, PaymentStepKind.Announce, 1, Refund: refund.Number);
}

/// <summary>Kinds of steps.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PaymentStepKind>))]
internal enum PaymentStepKind
{
    /// <summary>Ask the channel about the order or the refund.</summary>
    Poll,

    /// <summary>See whether the machine has acknowledged how the order ended, and say it again if not.</summary>
    Announce,
}
