using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Host.Handlers;
using CanteenPay.LocalCloud.ServiceBus;
using CanteenPay.LocalCloud.Tests.ServiceBus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace CanteenPay.LocalCloud.Tests.Host;

/// <summary>A Functions host with its queues and a server in front, on real time and free ports.</summary>
internal sealed class HostRig : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestApp _app;
    private readonly StrongBox<int> _arrived;

    private HostRig(TestApp app, WebApplication server, TempFolder folder, QueueStore queues, FunctionsHost host, Lines lines, StrongBox<int> arrived)
    {
        (_app, Server, _folder, Queues, Host, Log, _arrived) = (app, server, folder, queues, host, lines, arrived);
    }

    public QueueStore Queues { get; }

    public FunctionsHost Host { get; }

    public Lines Log { get; }

    public WebApplication Server { get; }

    public Uri Address => new(Server.Urls.First());

    /// <summary>Requests that came, answered or not.</summary>
    public int Arrived => _arrived.Value;

    public static async Task<HostRig> StartAsync(TestApp app, IHandlerStarter? handler, Func<FunctionsHostOptions, FunctionsHostOptions>? change = null, Hop? deliveries = null)
    {
        var folder = new TempFolder();
        var lines = new Lines();
        var loggers = LoggerFactory.Create(b => b.AddProvider(lines));
        var options = new FunctionsHostOptions { ReadinessInterval = TimeSpan.FromMilliseconds(5) };
        options = change?.Invoke(options) ?? options;
        var functions = app.Read(options.AppSettings);
        var queues = new QueueStore(new QueueStoreOptions { File = folder.File("queues.db"), Queues = [.. functions.Queues, "parked"], TimeScale = options.TimeScale }, TimeProvider.System);
        var host = new FunctionsHost(functions, options, queues, TimeProvider.System, loggers, handler, deliveries);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0);
            k.Listen(IPAddress.Loopback, 0);
        });
        var server = builder.Build();
        var arrived = new StrongBox<int>();
        server.Use((_, next) =>
        {
            Interlocked.Increment(ref arrived.Value);
            return next();
        });
        // The second port plays the status page's server: only there the control paths exist.
        server.MapWhen(c => c.Connection.LocalPort == new Uri(server.Urls.Last()).Port, control => control.UseRouting().UseEndpoints(e => ControlEndpoints.Map(e, queues, host)));
        server.MapWhen(static _ => true, front => front.UseRouting().UseEndpoints(host.MapFrontDoor));
        await server.StartAsync();
        await host.StartAsync(default);
        return new HostRig(app, server, folder, queues, host, lines, arrived);
    }

    public string AppFolder => _app.Folder;

    /// <summary>The process ids that a script wrote to the file "pids" in its folder.</summary>
    public List<int> Pids() => File.Exists(Path.Combine(AppFolder, "pids"))
        ? [.. File.ReadAllText(Path.Combine(AppFolder, "pids")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]
        : [];

    public HttpClient Control() => new() { BaseAddress = new Uri(Server.Urls.Last()) };

    public FunctionStatus Function(string name) => Host.Status().Functions.Single(f => f.Name == name);

    public QueueStatus Queue(string name) => Queues.Status().Single(q => q.Name == name);

    public async Task SendAsync(string queue, params string[] bodies)
    {
        foreach (var body in bodies)
            await Queues.EnqueueAsync(queue, new QueueMessage(Encoding.UTF8.GetBytes(body)), default);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Server.DisposeAsync();
        Queues.Dispose();
        _folder.Dispose();
        _app.Dispose();
    }
}
