using System.Runtime.InteropServices;

namespace CanteenPay.Mqtt.Interop;

/// <summary>Numbers of libmosquitto and MQTT 5 that this code names, and their words.</summary>
internal static class Codes
{
    internal const int Success = 0;

    /// <summary>MOSQ_ERR_NO_CONN: at QoS 1 the library keeps the message.</summary>
    internal const int NoConnection = 4;

    /// <summary>MOSQ_ERR_ERRNO: the operating system's error says more.</summary>
    internal const int OperatingSystem = 14;

    /// <summary>From here on an MQTT 5 reason code is a refusal.</summary>
    internal const int FirstRefusal = 128;

    /// <summary>MQTT 5 reason "quota exceeded".</summary>
    internal const int QuotaExceeded = 151;

    internal const int OptionProtocolVersion = 1;
    internal const int OptionTcpNoDelay = 11;
    internal const int PropertyMessageExpiry = 2;
    internal const int PropertySessionExpiry = 17;
    internal const int PropertyMaximumPacketSize = 39;
    internal const int LogError = 8;

    /// <summary>The exception for a code of the library or of the broker.</summary>
    /// <param name="what">What was being done.</param>
    /// <param name="code">MOSQ_ERR code, or MQTT 5 reason ≥ 128.</param>
    /// <param name="detail">What else is known, such as the TLS library's own words.</param>
    internal static MqttException Exception(string what, int code, string? detail = null)
    {
        var words = Marshal.PtrToStringUTF8(code >= FirstRefusal ? NativeMethods.mosquitto_reason_string(code) : NativeMethods.mosquitto_strerror(code)) ?? "";
        return new(what, code, detail is null ? words : $"{words.TrimEnd('.')}: {detail}");
    }

    internal static void ThrowIfFailed(string what, int code)
    {
        if (code != Success)
        {
            throw Exception(what, code);
        }
    }
}
