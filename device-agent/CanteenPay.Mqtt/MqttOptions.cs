namespace CanteenPay.Mqtt;

/// <summary>How a client connects.</summary>
public sealed record MqttOptions
{
    /// <summary>Host name or address of the broker; must match its certificate.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, 8883 by default.</summary>
    public int Port { get; init; } = 8883;

    /// <summary>Client id, unique on the broker: a second connection with the same id evicts the first.</summary>
    public required string ClientId { get; init; }

    /// <summary>User name, without a password; null for none. Azure's broker looks for the client's authentication name here and holds it against the certificate.</summary>
    public string? UserName { get; init; }

    /// <summary>PEM file of the authority that signed the broker's certificate.</summary>
    public required string CaFile { get; init; }

    /// <summary>PEM file of the client's certificate.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM file of the client's private key.</summary>
    public required string KeyFile { get; init; }

    /// <summary>How long the broker keeps the session after a disconnect; Azure's broker allows 8 h at most.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Keep-alive; Azure's broker allows 1160 s at most.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First wait before a reconnect; doubles, with jitter, up to <see cref="MaxBackoff"/>, and starts anew after a connection that lasted for 30 s.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait before a reconnect.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most publishes that may wait for an acknowledgement.</summary>
    public int MaxPending { get; init; } = 1000;

    /// <summary>Most received messages that may be acknowledged to the broker while the reader is not yet done with them.</summary>
    /// <remarks>
    /// These are lost when the process dies. 0 acknowledges a message only when the reader comes back for the next one: nothing is lost that a
    /// durable reader had not stored; such a reader must not wait for a publish of the same client, whose acknowledgements wait behind it.
    /// </remarks>
    public int MaxReceived { get; init; } = 1000;

    /// <summary>Largest packet accepted from the broker, in bytes; Azure's broker allows 512 KB.</summary>
    public int MaxPacketBytes { get; init; } = 512 * 1024;

    /// <summary>Longest time from an open TCP connection to an answer and restored subscriptions; then the attempt is given up.</summary>
    /// <remarks>Opening the TCP connection is the operating system's: to a host that drops packets it takes about two minutes to fail.</remarks>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A message that the broker publishes when the connection is lost without a goodbye.</summary>
    public MqttMessage? Will { get; init; }
}
