using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using CanteenPay.BankSimulator.Chaos;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Orders;
using Fields = System.Collections.Generic.IReadOnlyList<(string Name, string Value)>;

namespace CanteenPay.BankSimulator.Notify;

/// <summary>
/// Tells merchants about payments, again and again until they answer <c>success</c> within 5 s.
/// While notifications are off or the gateway is down a try is lost on the way, as with a network that is down; later tries go on.
/// </summary>
internal sealed class Notifier(OrderBook book, ChaosBoard chaos, Lies lies, BankSettings settings, TimeProvider time, ILogger<Notifier> logger)
    : IHostedService, IDisposable
{
    private const int MaxAnswerBytes = 64;

    /// <summary>Seconds before each try, as the gateway documents them.</summary>
    private static readonly int[] Spacing = [0, 15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = 4096,
    };

    private readonly SemaphoreSlim _sending = new(32);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);

    /// <summary>Whether tries reach the merchants.</summary>
    public bool Enabled { get; set; } = settings.NotificationsEnabled;

    /// <summary>Starts the schedule of an order that was just paid. One schedule runs per order. The task ends with the first try.</summary>
    public Task Start(BankOrder order)
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _underWay.GetOrAdd(order.Token, _ => FollowScheduleAsync(order, first));
        return first.Task;
    }

    /// <summary>One try now, off the schedule and out of reach of chaos; true when the merchant answered <c>success</c>.</summary>
    public Task<bool> SendAsync(string token, string? fault, CancellationToken cancellationToken) =>
        book.ByToken(token) is { } order ? SendAsync(order, FieldsOf(order), fault, cancellationToken) : Task.FromResult(false);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _sending.Dispose();
        _stopping.Dispose();
    }

    private async Task FollowScheduleAsync(BankOrder order, TaskCompletionSource first)
    {
        // The phone's page must not wait for the merchant.
        await Task.Yield();
        try
        {
            foreach (var seconds in Spacing)
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds) * settings.TimeScale, time, _stopping.Token);
                if (await TryAsync(order, _stopping.Token))
                    return;
                first.TrySetResult();
            }

            logger.LogWarning("The merchant of the order {OutTradeNo} never took its notification", order.OutTradeNo);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The bank is closing.
        }
        finally
        {
            _underWay.TryRemove(order.Token, out _);
            first.TrySetResult();
        }
    }

    /// <summary>One try of the schedule, with whatever chaos does to it.</summary>
    private async Task<bool> TryAsync(BankOrder order, CancellationToken cancellationToken)
    {
        var number = order.OutTradeNo;
        if (chaos.IsDown)
            return Note(order, "down", fault: null);
        if (chaos.DelayOf(number, Fault.NotificationDelayed) is { } late)
            await Task.Delay(late, time, cancellationToken);
        if (chaos.Strikes(number, Fault.NotificationLost))
            return Note(order, "lost", Faults.Of(Fault.NotificationLost).Name);
        var (fields, told) = lies.Tell(number, order.Merchant, FieldsOf(order), call: null);
        if (!chaos.Strikes(number, Fault.NotificationTwice))
            return await SendAsync(order, fields, told, cancellationToken);
        var twice = Faults.Of(Fault.NotificationTwice).Name;
        var taken = await Task.WhenAll(SendAsync(order, fields, told ?? twice, cancellationToken), SendAsync(order, fields, told ?? twice, cancellationToken));
        return taken.Contains(true);
    }

    private async Task<bool> SendAsync(BankOrder order, Fields fields, string? fault, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            return Note(order, Enabled ? await PostAsync(order, fields, cancellationToken) : "off", fault);
        }
        finally
        {
            _sending.Release();
        }
    }

    private bool Note(BankOrder order, string outcome, string? fault)
    {
        book.Change(order.Token, o => (o.Notified(new NotifyAttempt(time.GetUtcNow(), outcome, fault)), true), ifForgotten: false);
        return outcome == "success";
    }

    private static Fields FieldsOf(BankOrder order) => [("result_code", "0"), ("pay_result", "0"), .. PaymentFields.Of(order)];

    private async Task<string> PostAsync(BankOrder order, Fields fields, CancellationToken cancellationToken)
    {
        // The documented way to say that no notification is wanted.
        if (order.NotifyUrl.TrimEnd('/') == "http://127.0.0.1")
            return "success";
        var document = GatewayAnswer.Signed(order.Merchant, fields);
        using var content = new StringContent(document, Encoding.UTF8, "text/xml");
        try
        {
            using var response = await _http.PostAsync(order.NotifyUrl, content, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                return "http " + ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            // By bytes: an answer with a charset that nobody knows must not end the schedule.
            var answer = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return answer == "success" ? answer : "answered " + answer[..Math.Min(answer.Length, MaxAnswerBytes)].ReplaceLineEndings(" ");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "time-out";
        }
        catch (HttpRequestException e)
        {
            return "unreachable: " + e.HttpRequestError;
        }
    }
}
