using System.Collections.Concurrent;
using System.Threading.Channels;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>A connection without a network: what is published is kept, what the test says arrives.</summary>
internal sealed class FakeBroker : IMqttClient
{
    private readonly Channel<MqttMessage> received = Channel.CreateUnbounded<MqttMessage>();

    public MqttState State { get; private set; }

    public MqttException? LastError { get; set; }

    /// <summary>So many subscriptions are refused before one is granted.</summary>
    public int RefusedSubscriptions { get; set; }

    /// <summary>Each status is answered at once, by a cloud whose clock is the machine's.</summary>
    public bool AnswersStatus { get; set; } = true;

    /// <summary>What the reader of messages meets at once.</summary>
    public Exception? ReadingFails { get; init; }

    /// <summary>Sees what is published: a cloud's part, played by the test.</summary>
    public Action<DeviceMessage>? Sees { get; set; }

    public ConcurrentQueue<DeviceMessage> Published { get; } = [];

    public MqttOptions? Options { get; set; }

    public event Action<MqttState>? StateChanged;

    public IAsyncEnumerable<MqttMessage> Received => ReadingFails is null ? received.Reader.ReadAllAsync() : throw ReadingFails;

    public void Start() => Become(MqttState.Connected);

    public void Become(MqttState state)
    {
        State = state;
        StateChanged?.Invoke(state);
    }

    public Task PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        DeviceMessageJson.TryRead(message.Payload.Span, out var read, out var error).ShouldBeTrue(error);
        Published.Enqueue(read!);
        if (AnswersStatus && read is DeviceStatus status)
            Deliver(new StatusAck { InReplyTo = status.Id, Now = status.Clock });
        Sees?.Invoke(read!);
        return Task.CompletedTask;
    }

    public Task SubscribeAsync(string topicFilter, CancellationToken cancellationToken = default)
    {
        if (topicFilter == Topics.MerchantCards(TillRig.Merchant))
            return Task.CompletedTask;
        topicFilter.ShouldBe(Topics.AllDown(TillRig.Device));
        return RefusedSubscriptions-- > 0 ? Task.FromException(new MqttException("subscribe", 135, "Not authorized")) : Task.CompletedTask;
    }

    public void Deliver(DeviceMessage message)
    {
        var topic = message switch
        {
            StatusAck => Topics.StatusDown(TillRig.Device),
            CardEntriesAck or CardsPart => Topics.CardsDown(TillRig.Device),
            CardsChanged => Topics.MerchantCards(TillRig.Merchant),
            MachineSettings => Topics.SettingsDown(TillRig.Device),
            _ => Topics.PaymentsDown(TillRig.Device),
        };
        received.Writer.TryWrite(new(topic, DeviceMessageJson.Write(message))).ShouldBeTrue();
    }

    public void DeliverRaw(string topic, byte[] payload) => received.Writer.TryWrite(new(topic, payload)).ShouldBeTrue();

    public ValueTask DisposeAsync()
    {
        received.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
