using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Azure.Tests;

/// <summary>A real HTTP server that keeps what it was sent and answers what a test says.</summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Received> requests = new();

    private RestServer(Func<Received, HttpResponse, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async http =>
        {
            using StreamReader reader = new(http.Request.Body, Encoding.UTF8);
            Received received = new(
                http.Request.Method,
                http.Features.Get<IHttpRequestFeature>()!.RawTarget,
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await reader.ReadToEndAsync());
            requests.Enqueue(received);
            await answer(received, http.Response);
        });
    }

    public Uri Address => new(app.Urls.Single());

    public IReadOnlyList<Received> Requests => [.. requests];

    public static async Task<RestServer> StartAsync(Func<Received, HttpResponse, Task> answer)
    {
        RestServer server = new(answer);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Answers the statuses in turn, the last one for ever.</summary>
    public static Task<RestServer> StartAsync(params int[] statuses)
    {
        var count = -1;
        return StartAsync((_, response) =>
        {
            response.StatusCode = statuses[Math.Min(Interlocked.Increment(ref count), statuses.Length - 1)];
            return Task.CompletedTask;
        });
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
