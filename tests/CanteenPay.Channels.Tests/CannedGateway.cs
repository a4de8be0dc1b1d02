using System.Collections.Concurrent;
using CanteenPay.Channels.SwiftPass;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Channels.Tests;

/// <summary>A real HTTP server on loopback that answers as it is told, and the adapter that talks to it.</summary>
internal sealed class CannedGateway : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _http = new(SwiftPassChannel.CreateHandler());

    private CannedGateway(WebApplication server) => _server = server;

    /// <summary>The fields of each request, in order.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Requests { get; } = new();

    public string Url => _server.Urls.Single() + "/pay/gateway";

    public static async Task<CannedGateway> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = new CannedGateway(builder.Build());
        gateway._server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            if (body.Length > 0)
                gateway.Requests.Enqueue(SwiftPassXml.Read(body.ToArray()));
            await answer(context);
        });
        await gateway._server.StartAsync();
        return gateway;
    }

    public static Task<CannedGateway> AnsweringAsync(byte[] document) =>
        StartAsync(context => context.Response.Body.WriteAsync(document).AsTask());

    public SwiftPassChannel Channel(TimeSpan? timeout = null) =>
        new(_http, new SwiftPassOptions { Timeout = timeout ?? TimeSpan.FromSeconds(20) }, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }
}
