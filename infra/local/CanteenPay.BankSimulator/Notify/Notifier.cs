using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Notify;

/// <summary>
/// Tells merchants about payments, again and again until they answer <c>success</c> within 5 s.
/// While notifications are off a try is lost on the way, as with a network that is down; later tries go on.
/// </summary>
internal sealed class Notifier(OrderBook book, BankSettings settings, TimeProvider time, ILogger<Notifier> logger) : IHostedService, IDisposable
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

    /// <summary>Starts the schedule of an order that was just paid. One schedule runs per order.</summary>
    public void Start(BankOrder order) => _ = _underWay.GetOrAdd(order.Token, _ => FollowScheduleAsync(order.Token));

    /// <summary>One try now, off the schedule; true when the merchant answered <c>success</c>.</summary>
    public async Task<bool> SendAsync(string token, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        string outcome;
        try
        {
            outcome = Enabled ? await PostAsync(book.ByToken(token)!, cancellationToken) : "off";
        }
        finally
        {
            _sending.Release();
        }

        book.Change(token, o => (o with { Notifications = o.Notifications.Add(new NotifyAttempt(time.GetUtcNow(), outcome)) }, 0));
        return outcome == "success";
    }

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

    private async Task FollowScheduleAsync(string token)
    {
        // The phone's page must not wait for the merchant.
        await Task.Yield();
        try
        {
            foreach (var seconds in Spacing)
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds) * settings.TimeScale, time, _stopping.Token);
                if (await SendAsync(token, _stopping.Token))
                    return;
            }

            logger.LogWarning("The merchant of the order {OutTradeNo} never took its notification", book.ByToken(token)!.OutTradeNo);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The bank is closing.
        }
        finally
        {
            _underWay.TryRemove(token, out _);
        }
    }

    private async Task<string> PostAsync(BankOrder order, CancellationToken cancellationToken)
    {
        // The documented way to say that no notification is wanted.
        if (order.NotifyUrl.TrimEnd('/') == "http://127.0.0.1")
            return "success";
        var document = GatewayAnswer.Signed(order.Merchant, [("result_code", "0"), ("pay_result", "0"), .. PaymentFields.Of(order)]);
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
