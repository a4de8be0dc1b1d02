namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>Service Bus over REST: send, batch, schedule, peek-lock receive, settle.</summary>
internal static class ServiceBusEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, QueueStore queues, SasOptions sas, TimeProvider time) => throw new NotSupportedException();
}
