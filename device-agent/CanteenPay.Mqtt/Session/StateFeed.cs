using System.Threading.Channels;

namespace CanteenPay.Mqtt.Session;

/// <summary>Raises state changes in order and off the network thread.</summary>
internal sealed class StateFeed
{
    // A listener that falls this far behind misses old changes; the present state is always the last one raised.
    private const int MostWaiting = 64;
    private readonly Channel<MqttState> _changes = Channel.CreateBounded<MqttState>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private volatile MqttState _current = MqttState.Disconnected;

#pragma warning disable MA0046 // The sender is the client that the listener subscribed to; a state is all there is to say.
    internal event Action<MqttState>? Changed;
#pragma warning restore MA0046

    internal MqttState Current => _current;

    internal void Change(MqttState state)
    {
        _current = state;
        _changes.Writer.TryWrite(state);
    }

    internal void Complete() => _changes.Writer.TryComplete();

    /// <summary>Raises changes until <see cref="Complete"/>. A listener that throws misses that change and is told the next.</summary>
    /// <param name="failed">Told what a listener threw.</param>
    internal async Task RaiseAsync(Action<Exception> failed)
    {
        await foreach (var state in _changes.Reader.ReadAllAsync())
        {
            try
            {
                Changed?.Invoke(state);
            }
#pragma warning disable CA1031 // The boundary to the listener: its mistake must not make the state silent for ever.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed(exception);
            }
        }
    }
}
