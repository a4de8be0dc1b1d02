using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Host;

/// <summary>What tests and the status page steer by: <c>POST /queues/{q}/hold</c>, <c>/queues/{q}/release</c>, <c>/timers/{name}/fire</c>.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, QueueStore queues, FunctionsHost host) => throw new NotSupportedException();
}
