using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace CanteenPay.EndToEnd;

/// <summary>A machine's page without a browser: presses keys and sees what the page would be shown, with the moment it came.</summary>
public sealed class MachineScreen : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<(long At, JsonNode View)> _views = Channel.CreateBounded<(long, JsonNode)>(1000);
    private readonly Task _reading;

    public MachineScreen(HttpClient http, Uri address)
    {
        (_http, _address) = (http, address);
        _reading = ReadAsync();
    }

    public Task PressAsync(string key) => PostAsync($"/keys/{key}");

    /// <summary>Puts a card on the page's simulated reader.</summary>
    public Task PresentAsync(string card) => PostAsync($"/cards/{card}/present");

    /// <summary>The moment at which the first view came that is as asked.</summary>
    public async Task<(long At, JsonNode View)> SeeAsync(Func<JsonNode, bool> asked)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var seen in _views.Reader.ReadAllAsync(limit.Token))
        {
            if (asked(seen.View))
                return seen;
        }

        throw new InvalidOperationException("The machine's page has ended.");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _reading;
        }
        catch (OperationCanceledException)
        {
            // The end that was asked for.
        }

        _end.Dispose();
    }

    private async Task PostAsync(string path)
    {
        using var body = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(_address, path), body);
        response.EnsureSuccessStatusCode();
    }

    private async Task ReadAsync()
    {
        await using var stream = await _http.GetStreamAsync(new Uri(_address, "/events"), _end.Token);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                await _views.Writer.WriteAsync((Stopwatch.GetTimestamp(), JsonNode.Parse(line.AsSpan(6).ToString())!), _end.Token);
        }
    }
}
