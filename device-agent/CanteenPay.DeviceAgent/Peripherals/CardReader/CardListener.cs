using CanteenPay.DeviceAgent.Terminal;

namespace CanteenPay.DeviceAgent.Peripherals.CardReader;

/// <summary>Hands what the reader reads to the till.</summary>
internal sealed class CardListener(ICardReader? reader, TillLoop till, ILogger<CardListener> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        reader?.Start(signal => till.Post(new CardSignalled(signal)));
        log.CardReader(reader?.Name ?? "none");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
