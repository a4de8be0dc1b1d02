using System.Runtime.CompilerServices;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Network;

/// <summary>The MQTT client of one run of an agent, by the promises of its port: connections come and go, and what was not acknowledged is sent again.</summary>
internal sealed class MachineConnection(Agenda agenda, Life life, Weather weather, NetworkBroker broker, DeviceId device, Trace? trace) : IMqttClient
{
    private static readonly TimeSpan GoneForGood = TimeSpan.FromDays(1);

    private readonly Queue<MqttMessage> arrived = [];
    private readonly List<(MqttMessage Message, TaskCompletionSource Taken)> pending = [];
    private readonly List<string> filters = [];
    private TaskCompletionSource? news;
    private int connection;

    /// <summary>What it subscribed to: in force again with every connection.</summary>
    public IReadOnlyList<string> Filters => filters;

    /// <inheritdoc/>
    public event Action<MqttState>? StateChanged;

    /// <inheritdoc/>
    public MqttState State { get; private set; }

    /// <inheritdoc/>
    public MqttException? LastError => null;

    /// <inheritdoc/>
    public IAsyncEnumerable<MqttMessage> Received => ReadAsync();

    /// <inheritdoc/>
    public void Start() => agenda.After(weather.Dice.Between(0.05, 0.5), life, Connect);

    /// <inheritdoc/>
    public async Task PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        var taken = new TaskCompletionSource();
        var waiting = (message, taken);
        pending.Add(waiting);
        if (State == MqttState.Connected)
            Send(waiting);
        // A cancelled wait takes back what was not sent yet; what is on its way may still arrive.
        await using var cancelled = cancellationToken.Register(() =>
        {
            pending.Remove(waiting);
            taken.TrySetCanceled(cancellationToken);
        });
        await taken.Task;
    }

    /// <inheritdoc/>
    public async Task SubscribeAsync(string topicFilter, CancellationToken cancellationToken = default)
    {
        await life.DelayAsync(weather.Dice.Between(0.01, 0.1));
        filters.Add(topicFilter);
        broker.SessionOf(device).Subscribe(topicFilter);
    }

    /// <summary>The broker delivers.</summary>
    public void Receive(HeldMessage message)
    {
        var left = message.Until - agenda.Now;
        arrived.Enqueue(new(message.Topic, message.Payload, Expiry: left is { } time ? TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)) : null));
        agenda.After(TimeSpan.Zero, life, () => news?.TrySetResult());
    }

    /// <summary>The connection breaks.</summary>
    /// <param name="time">For how long; otherwise for seconds or minutes, as it happens.</param>
    public void Break(TimeSpan? time = null)
    {
        if (State != MqttState.Connected)
            return;
        connection++;
        State = MqttState.Disconnected;
        broker.SessionOf(device).Disconnect();
        trace?.Say(device.Value[^2..], "lost the connection");
        life.Post(_ => StateChanged?.Invoke(MqttState.Disconnected), null);
        agenda.After(time ?? Silence(), life, Connect);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The network is back, however long it was to be gone.</summary>
    public void Restore()
    {
        if (State == MqttState.Disconnected && connection > 0)
            Connect();
    }

    private TimeSpan Silence() => weather.IsCalm ? TimeSpan.FromSeconds(1) : weather.Dice.Between(0.2, weather.Dice.OneOf(3.0, 40, 200));

    private void Connect()
    {
        if (State == MqttState.Connected)
            return;
        State = MqttState.Connected;
        connection++;
        broker.SessionOf(device).Connect(this);
        life.Post(_ => StateChanged?.Invoke(MqttState.Connected), null);
        foreach (var waiting in pending.ToArray())
            Send(waiting);
        var current = connection;
        agenda.After(weather.Until(weather.Coming.Disconnects) ?? GoneForGood, life, () =>
        {
            if (connection == current && !weather.IsCalm)
                Break();
        });
    }

    /// <summary>On its way once, acknowledged if the connection lasts so long; otherwise it is sent again with the next.</summary>
    private void Send((MqttMessage Message, TaskCompletionSource Taken) waiting)
    {
        var current = connection;
        agenda.After(weather.Dice.Between(0.001, 0.02), life, () =>
        {
            if (connection != current)
                return;
            broker.FromMachine(device, waiting.Message.Topic, waiting.Message.Payload);
            agenda.After(weather.Dice.Between(0.001, 0.02), life, () =>
            {
                if (connection != current)
                    return;
                pending.Remove(waiting);
                waiting.Taken.TrySetResult();
            });
        });
    }

    private async IAsyncEnumerable<MqttMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            while (arrived.TryDequeue(out var message))
                yield return message;
            news = new();
            await news.Task;
        }
    }
}
