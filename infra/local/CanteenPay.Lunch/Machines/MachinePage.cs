using System.Text;
using System.Text.Json;

namespace CanteenPay.Lunch.Machines;

/// <summary>
/// A machine's page without a browser: presses keys, and is told what to show. A machine that dies is looked for again until it is back.
/// </summary>
internal sealed class MachinePage : IAsyncDisposable
{
    private const string EventPrefix = "data: ";
    private static readonly TimeSpan Reopen = TimeSpan.FromMilliseconds(250);

    /// <summary>The machine sends something at least each 15 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly Action<ScreenView> _seen;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private TaskCompletionSource _changed = NewSignal();
    private ScreenView? _now;

    /// <summary>Opens the page.</summary>
    /// <param name="http">The client.</param>
    /// <param name="address">Where the machine's screen is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="seen">Is handed every view, one at a time.</param>
    public MachinePage(HttpClient http, Uri address, TimeProvider time, Action<ScreenView> seen)
    {
        (_http, _address, _time, _seen) = (http, address, time, seen);
        _reading = ReadAgainAndAgainAsync();
    }

    /// <summary>Presses a key; false when the machine did not take it.</summary>
    public Task<bool> PressAsync(string key, CancellationToken cancellationToken) => PostAsync($"/keys/{key}", cancellationToken);

    /// <summary>Puts a card on the page's reader; false when the machine did not take it.</summary>
    public Task<bool> PresentAsync(string card, CancellationToken cancellationToken) => PostAsync($"/cards/{card}/present", cancellationToken);


    /// <summary>What is shown as soon as it is as asked; null when it is not within the limit, or nothing is shown at all.</summary>
    public async Task<ScreenView?> SeeAsync(Func<ScreenView, bool> asked, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        while (true)
        {
            var (view, changed) = Look();
            if (view is not null && asked(view))
                return view;
            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _end.Dispose();
    }

    private async Task<bool> PostAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new StringContent("{}", Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri(_address, path), body, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private (ScreenView? View, Task Changed) Look()
    {
        lock (_gate)
            return (_now, _changed.Task);
    }

    private void Show(ScreenView? view)
    {
        TaskCompletionSource wake;
        lock (_gate)
        {
            _now = view;
            (wake, _changed) = (_changed, NewSignal());
        }

        if (view is not null)
            _seen(view);
        wake.SetResult();
    }

    private async Task ReadAgainAndAgainAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await ReadAsync();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                // The machine died, or the end was asked for.
            }

            Show(null);
            await Task.Delay(Reopen, _time, _end.Token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task ReadAsync()
    {
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        silent.CancelAfter(Silence);
        await using var stream = await _http.GetStreamAsync(new Uri(_address, "/events"), silent.Token);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(silent.Token) is { } line)
        {
            if (!line.StartsWith(EventPrefix, StringComparison.Ordinal))
                continue;
            silent.CancelAfter(Silence);
            Show(JsonSerializer.Deserialize(line.AsSpan(EventPrefix.Length), LunchJson.Default.ScreenView)
                ?? throw new JsonException("The page was told nothing."));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
