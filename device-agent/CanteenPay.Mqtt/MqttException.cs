namespace CanteenPay.Mqtt;

/// <summary>The client library or the broker refused something.</summary>
/// <param name="what">What was being done.</param>
/// <param name="code">The library's return code or the broker's reason code.</param>
/// <param name="reason">The code in words.</param>
public sealed class MqttException(string what, int code, string reason) : Exception($"{what}: {reason} ({code})")
{
    /// <summary>The library's return code (1–31) or the broker's reason code (≥ 128).</summary>
    public int Code => code;
}
