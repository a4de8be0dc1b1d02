namespace CanteenPay.Mqtt.Interop;

/// <summary>What a connection tells its owner, always on the network thread, inside a call of <see cref="Connection.Loop"/>.</summary>
internal interface IConnectionEvents
{
    /// <summary>The broker has answered CONNECT.</summary>
    /// <param name="reason">0, or a refusal ≥ 128.</param>
    void Answered(int reason);

    /// <summary>PUBACK.</summary>
    void Published(int mid, int reason);

    /// <summary>SUBACK; reason 0–2 grants, ≥ 128 refuses.</summary>
    void Subscribed(int mid, int reason);

    /// <summary>A message; it is acknowledged to the broker only after this returns.</summary>
    /// <exception cref="OperationCanceledException">The client is ending: the connection is cut and the message stays unacknowledged.</exception>
    void Arrived(MqttMessage message);
}
