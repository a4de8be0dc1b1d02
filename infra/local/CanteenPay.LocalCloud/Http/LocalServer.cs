using System.Net;

namespace CanteenPay.LocalCloud.Http;

/// <summary>One HTTP server on one loopback port. Nothing of it comes from the environment: ASPNETCORE_ variables are the function app's, not ours.</summary>
internal static class LocalServer
{
    /// <summary>Starts serving.</summary>
    /// <exception cref="LocalCloudException">The port was taken meanwhile.</exception>
    internal static async Task<WebApplication> StartAsync(
        string what, int port, ILoggerFactory loggers, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var server = builder.Build();
        map(server);
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch (IOException exception)
        {
            await server.DisposeAsync();
            throw new LocalCloudException($"Port {port} of {what} cannot be listened on: {exception.Message}", exception);
        }
    }

    /// <summary>Signals are the whole LocalCloud's affair, not each server's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
