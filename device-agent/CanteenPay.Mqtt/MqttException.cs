namespace CanteenPay.Mqtt;

/// <summary>The client, the client library or the broker refused something.</summary>
/// <param name="what">What was being done.</param>
/// <param name="code">0 when this client itself refuses, the library's return code (1–31), or the broker's reason code (≥ 128).</param>
/// <param name="reason">The code in words, or what to do.</param>
public sealed class MqttException(string what, int code, string reason) : Exception(code == 0 ? $"{what}: {reason}" : $"{what}: {reason} ({code})")
{
    /// <summary>0 when this client itself refused, the library's return code (1–31), or the broker's reason code (≥ 128).</summary>
    public int Code => code;
}
