using System.Collections.Concurrent;
using CanteenPay.BankSimulator.Notify;
using CanteenPay.BankSimulator.Orders;
using CanteenPay.BankSimulator.Phone;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>What still happens to an order when its close was answered: a wallet's late payment, a notification once more.</summary>
internal sealed class AfterClose(ChaosBoard chaos, PaymentDesk desk, Notifier notifier, BankSettings settings, TimeProvider time) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);

    /// <summary>Long enough for the merchant's system to have settled the order as closed.</summary>
    private TimeSpan Later => TimeSpan.FromSeconds(2) * settings.TimeScale;

    /// <summary>A close of this order was asked and decided.</summary>
    public void Begin(BankOrder order)
    {
        var paysLate = order is { Payment: null, Closed: true } && chaos.Strikes(order.OutTradeNo, Fault.PayAfterClose);
        if (paysLate || (order.Payment is not null && chaos.Strikes(order.OutTradeNo, Fault.NotificationAgainAfterClose)))
            _ = _underWay.GetOrAdd(order.Token, _ => FollowAsync(order, paysLate));
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
    public void Dispose() => _stopping.Dispose();

    private async Task FollowAsync(BankOrder order, bool paysLate)
    {
        // The close is answered first.
        await Task.Yield();
        try
        {
            await Task.Delay(Later, time, _stopping.Token);
            if (paysLate)
            {
                await desk.Confirm(order.Token, chaos.PickWallet(order.OutTradeNo, Fault.PayAfterClose), Fault.PayAfterClose).WaitAsync(_stopping.Token);
                if (!chaos.Strikes(order.OutTradeNo, Fault.NotificationAgainAfterClose))
                    return;
                await Task.Delay(Later, time, _stopping.Token);
            }

            await notifier.SendAsync(order.Token, Faults.Of(Fault.NotificationAgainAfterClose).Name, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The bank is closing.
        }
        finally
        {
            _underWay.TryRemove(order.Token, out _);
        }
    }
}
