using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanteenPay.BankSimulator.Tests;

/// <summary>Where a merchant is told about payments: a real HTTP server on loopback that answers as the test likes.</summary>
internal sealed class MerchantListener : IAsyncDisposable
{
    private readonly WebApplication _server;

    private MerchantListener(WebApplication server) => _server = server;

    public ConcurrentQueue<string> Received { get; } = new();

    /// <summary>Status and text of the answer.</summary>
    public (int Status, string Text) Answer { get; set; } = (200, "success");

    /// <summary>Set to keep answers back until it is completed.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public string Url => _server.Urls.Single() + "/notify";

    public static async Task<MerchantListener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var listener = new MerchantListener(builder.Build());
        listener._server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            listener.Received.Enqueue(await reader.ReadToEndAsync());
            if (listener.Hold is { } hold)
                await hold.Task;
            context.Response.StatusCode = listener.Answer.Status;
            await context.Response.WriteAsync(listener.Answer.Text);
        });
        await listener._server.StartAsync();
        return listener;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
