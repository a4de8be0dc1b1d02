using System.Net.Sockets;
using System.Text;
using CanteenPay.Azure.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Azure.Tests.Functions;

/// <summary>A custom handler on a real socket, as the host would start it. Requests are sent byte by byte, because clients tidy the very paths that matter here.</summary>
internal sealed class HandlerServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private HandlerServer(WebApplication app) => this.app = app;

    public Calls Calls => app.Services.GetRequiredService<Calls>();

    public Uri Address => new(app.Urls.Single());

    public static async Task<HandlerServer> StartAsync(params Type[] functions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<Calls>();
        builder.Services.AddFunctions(functions, TestJson.Default);
        var handler = builder.Build();
        handler.MapFunctions();
        await handler.StartAsync();
        return new(handler);
    }

    /// <summary>What the host does: chunked, without a length.</summary>
    public Task<Answer> InvokeAsync(string target, string body, string method = "POST", params string[] headers)
    {
        var head = $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Azure-Functions-InvocationId: i-1\r\nContent-Type: application/json; charset=utf-8\r\n"
            + string.Concat(headers.Select(header => header + "\r\n"));
        return SendAsync(Chunked(head, Encoding.UTF8.GetBytes(body)));
    }

    public async Task<Answer> SendAsync(byte[] request)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        using TcpClient client = new();
        await client.ConnectAsync(Address.Host, Address.Port, deadline.Token);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request, deadline.Token);
        }
        catch (IOException)
        {
            // The handler may answer and close before it has read everything.
        }

        using MemoryStream all = new();
        await stream.CopyToAsync(all, deadline.Token);
        return Answer.Read(Encoding.UTF8.GetString(all.ToArray()));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    internal static byte[] Chunked(string head, byte[] body)
    {
        using MemoryStream request = new();
        request.Write(Encoding.UTF8.GetBytes(head + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"));
        foreach (var chunk in body.Chunk(1000))
        {
            request.Write(Encoding.ASCII.GetBytes($"{chunk.Length:X}\r\n"));
            request.Write(chunk);
            request.Write("\r\n"u8);
        }

        request.Write("0\r\n\r\n"u8);
        return request.ToArray();
    }
}

internal sealed record Answer(int Status, string Head, string Body)
{
    public static Answer Read(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return new(int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }
}
