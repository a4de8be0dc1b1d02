using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CanteenPay.Mqtt;
using CanteenPay.Mqtt.Interop;

namespace CanteenPay.Benchmarks.Link;

/// <summary>
/// The floor of the link: libmosquitto called from one thread that publishes to itself and loops until the message is back. Same library, TLS, certificates and
/// broker as the client's, but no queue, no lock, no second thread and no task.
/// </summary>
internal sealed unsafe class BareLibrary : IDisposable
{
    private const int Qos1 = 1;
    private const int LoopMilliseconds = 10_000;

    /// <summary>Longer than this client is left alone while the other one is measured.</summary>
    private const int KeepAliveSeconds = 600;

    private readonly Seen _seen = new();
    private GCHandle _self;
    private nint _client;

    public BareLibrary(MqttOptions options, string topic)
    {
        MosquittoLibrary.EnsureLoaded();
        _self = GCHandle.Alloc(_seen);
        _client = NativeMethods.mosquitto_new(options.ClientId, cleanStart: true, GCHandle.ToIntPtr(_self));
        Codes.ThrowIfFailed("protocol", NativeMethods.mosquitto_int_option(_client, Codes.OptionProtocolVersion, 5));
        Codes.ThrowIfFailed("no delay", NativeMethods.mosquitto_int_option(_client, Codes.OptionTcpNoDelay, 1));
        Codes.ThrowIfFailed("TLS", NativeMethods.mosquitto_tls_set(_client, options.CaFile, 0, options.CertificateFile, options.KeyFile, 0));
        NativeMethods.mosquitto_connect_v5_callback_set(_client, &Connected);
        NativeMethods.mosquitto_subscribe_v5_callback_set(_client, &Subscribed);
        NativeMethods.mosquitto_message_v5_callback_set(_client, &Message);
        Codes.ThrowIfFailed("connect", NativeMethods.mosquitto_connect_bind_v5(_client, options.Host, options.Port, KeepAliveSeconds, 0, 0));
        LoopUntil(seen => seen.IsConnected);
        Codes.ThrowIfFailed("subscribe", NativeMethods.mosquitto_subscribe_v5(_client, out _, topic, Qos1, 0, 0));
        LoopUntil(seen => seen.IsSubscribed);
    }

    /// <summary>From the call that publishes to the callback that has the message.</summary>
    public TimeSpan Echo(string topic, byte[] payload)
    {
        var before = _seen.Messages;
        var published = Stopwatch.GetTimestamp();
        Publish(topic, payload);
        while (_seen.Messages == before)
            Loop();
        return Stopwatch.GetElapsedTime(published, _seen.LastAt);
    }

    /// <summary>Publishes so many, never more than a window ahead of what came back; messages in a second.</summary>
    public double Flood(string topic, byte[] payload, int messages, int window)
    {
        var (first, sent, started) = (_seen.Messages, 0, Stopwatch.GetTimestamp());
        while (_seen.Messages - first < messages)
        {
            for (; sent < messages && sent - (_seen.Messages - first) < window; sent++)
                Publish(topic, payload);
            Loop();
        }

        return messages / Stopwatch.GetElapsedTime(started, _seen.LastAt).TotalSeconds;
    }

    public void Dispose()
    {
        _ = NativeMethods.mosquitto_disconnect_v5(_client, 0, 0);
        NativeMethods.mosquitto_destroy(_client);
        _client = 0;
        _self.Free();
    }

    private void Publish(string topic, byte[] payload)
    {
        fixed (byte* bytes = payload)
            Codes.ThrowIfFailed("publish", NativeMethods.mosquitto_publish_v5(_client, out _, topic, payload.Length, bytes, Qos1, retain: false, 0));
    }

    private void LoopUntil(Func<Seen, bool> condition)
    {
        while (!condition(_seen))
            Loop();
    }

    private void Loop() => Codes.ThrowIfFailed("loop", NativeMethods.mosquitto_loop(_client, LoopMilliseconds, 1));

    private static Seen Of(nint self) => (Seen)GCHandle.FromIntPtr(self).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Connected(nint client, nint self, int reason, int flags, nint properties) => Of(self).IsConnected = reason == Codes.Success;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Subscribed(nint client, nint self, int mid, int count, int* reasons, nint properties) => Of(self).IsSubscribed = true;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Message(nint client, nint self, NativeMessage* message, nint properties)
    {
        var seen = Of(self);
        seen.LastAt = Stopwatch.GetTimestamp();
        seen.Messages++;
    }

    /// <summary>What the callbacks saw.</summary>
    private sealed class Seen
    {
        public bool IsConnected;
        public bool IsSubscribed;
        public int Messages;
        public long LastAt;
    }
}
