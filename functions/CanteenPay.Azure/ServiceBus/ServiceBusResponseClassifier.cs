using System.Text;
using Azure.Core;

namespace CanteenPay.Azure.ServiceBus;

/// <summary>
/// What is worth sending again: 429, 5xx (and 408, a time-out), and 50009 in the body of any error, which is how Service Bus says that it throttles.
/// Every message has an id, so that is safe.
/// </summary>
internal sealed class ServiceBusResponseClassifier : ResponseClassifier
{
    private const string Throttled = "50009";

    public override bool IsRetriableResponse(HttpMessage message) =>
        message.Response.Status is 408 or 429 or >= 500
        || (message.Response.Status >= 400 && Encoding.UTF8.GetString(message.Response.Content.ToMemory().Span).Contains(Throttled, StringComparison.Ordinal));
}
