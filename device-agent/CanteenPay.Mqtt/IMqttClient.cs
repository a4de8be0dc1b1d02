namespace CanteenPay.Mqtt;

/// <summary>
/// The port behind which an MQTT 5 client stands. One client per process and client id: two with the same id evict each other for ever.
/// </summary>
/// <remarks>A completed publish means that the broker has taken the message, not that anybody has received it.</remarks>
public interface IMqttClient : IAsyncDisposable
{
    /// <summary>What the connection is doing now.</summary>
    MqttState State { get; }

    /// <summary>Raised after each change of <see cref="State"/>, in order, never on the network thread.</summary>
#pragma warning disable MA0046 // The sender is the client that the listener subscribed to; a state is all there is to say.
    event Action<MqttState>? StateChanged;
#pragma warning restore MA0046

    /// <summary>Why there is no connection; null before the first attempt has failed. While connected, what a listener of <see cref="StateChanged"/> threw, or null.</summary>
    MqttException? LastError { get; }

    /// <summary>
    /// Starts connecting and keeps the connection up until the client is disposed. Returns at once: a broker that cannot be reached is tried again for ever.
    /// </summary>
    /// <exception cref="MqttException">The options cannot work (a certificate file that is missing or unreadable, say).</exception>
    void Start();

    /// <summary>Publishes at QoS 1. Completes when the broker has acknowledged; while there is no connection the message waits in memory.</summary>
    /// <remarks>
    /// Sent again after a reconnect until acknowledged, so it may arrive twice. The expiry counts from this call. Cancelling stops the waiting;
    /// a message that is already on its way may still arrive.
    /// </remarks>
    /// <exception cref="MqttException">The broker refused the message, it expired before it could be sent, or too many are waiting (<see cref="MqttOptions.MaxPending"/>).</exception>
    /// <exception cref="ObjectDisposedException">The client ended before the broker acknowledged.</exception>
    Task PublishAsync(MqttMessage message, CancellationToken cancellationToken = default);

    /// <summary>Subscribes at QoS 1 as soon as there is a connection, and again after every reconnect, so retained messages come again.</summary>
    /// <remarks>mosquitto grants every filter and applies its access rules at delivery.</remarks>
    /// <exception cref="MqttException">The broker refused the filter.</exception>
    /// <exception cref="ObjectDisposedException">The client ended before the broker acknowledged.</exception>
    Task SubscribeAsync(string topicFilter, CancellationToken cancellationToken = default);

    /// <summary>Messages as they arrive, for one reader, bounded by <see cref="MqttOptions.MaxReceived"/>: a reader that stops holds back the broker, nothing is dropped here. Ends when the client is disposed.</summary>
    /// <remarks>
    /// Read before waiting for anything else of this client: a session that the broker kept may bring more than the bound at once, and what comes after
    /// (acknowledgements too) waits for the reader. <see cref="MqttMessage.Expiry"/> is what was left when the message arrived.
    /// </remarks>
    IAsyncEnumerable<MqttMessage> Received { get; }
}

/// <summary>State of a connection.</summary>
public enum MqttState
{
    /// <summary>Not connected; a reconnect is under way or due.</summary>
    Disconnected,

    /// <summary>Connected; subscriptions are in force.</summary>
    Connected,
}

/// <summary>A message as published or received.</summary>
/// <param name="Topic">The topic, without wildcards.</param>
/// <param name="Payload">The body, as bytes.</param>
/// <param name="Retain">Kept by the broker for later subscribers.</param>
/// <param name="Expiry">After this time the broker drops it undelivered; whole seconds, null for never.</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, bool Retain = false, TimeSpan? Expiry = null);
