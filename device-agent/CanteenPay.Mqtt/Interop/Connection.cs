using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CanteenPay.Mqtt.Interop;

/// <summary>
/// One native client, from connect to the end of that connection. A new one for each attempt: the library's own reconnect keeps stale state
/// (unacknowledged messages with their old expiry, a loop that ended on a TLS error), and certificates replaced on disk are read again.
/// </summary>
/// <remarks>
/// The network thread creates, loops and disposes. <see cref="Publish"/>, <see cref="Subscribe"/> and <see cref="Disconnect"/> may come from any thread
/// as long as the owner's lock keeps them away from disposal.
/// </remarks>
internal sealed unsafe class Connection : IDisposable
{
    private const int Qos1 = 1;
    private readonly IConnectionEvents _events;
    // Not readonly: freeing changes it, and a copy that was freed would be freed again.
    private GCHandle _self;
    private nint _client;
    private string? _errorLine;
    private int _endReason;

    /// <exception cref="MqttException">The library refuses the options.</exception>
    internal Connection(MqttOptions options, IConnectionEvents events)
    {
        _events = events;
        _self = GCHandle.Alloc(this);
        try
        {
            _client = NativeMethods.mosquitto_new(options.ClientId, cleanStart: false, GCHandle.ToIntPtr(_self));
            if (_client == 0)
            {
                throw new MqttException($"create MQTT client \"{options.ClientId}\"", 0, "the client id is not acceptable or memory is out");
            }

            Configure(options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What went wrong inside a callback, where nothing may be thrown.</summary>
    internal Exception? Fault { get; private set; }

    private void Configure(MqttOptions options)
    {
        Codes.ThrowIfFailed("protocol version 5", NativeMethods.mosquitto_int_option(_client, Codes.OptionProtocolVersion, 5));
        Codes.ThrowIfFailed("TCP no delay", NativeMethods.mosquitto_int_option(_client, Codes.OptionTcpNoDelay, 1));
        // Threaded: packets are written by the loop only. So an acknowledgement leaves after the message's callback has returned.
        Codes.ThrowIfFailed("threaded", NativeMethods.mosquitto_threaded_set(_client, threaded: true));
        Codes.ThrowIfFailed(
            $"TLS files {options.CaFile}, {options.CertificateFile}, {options.KeyFile}",
            NativeMethods.mosquitto_tls_set(_client, options.CaFile, 0, options.CertificateFile, options.KeyFile, 0));
        if (options.UserName is { } userName)
        {
            Codes.ThrowIfFailed("user name", NativeMethods.mosquitto_username_pw_set(_client, userName, 0));
        }

        if (options.Will is { } will)
        {
            SetWill(will);
        }

        NativeMethods.mosquitto_connect_v5_callback_set(_client, &Callbacks.Connected);
        NativeMethods.mosquitto_disconnect_v5_callback_set(_client, &Callbacks.Disconnected);
        NativeMethods.mosquitto_publish_v5_callback_set(_client, &Callbacks.Published);
        NativeMethods.mosquitto_subscribe_v5_callback_set(_client, &Callbacks.Subscribed);
        NativeMethods.mosquitto_message_v5_callback_set(_client, &Callbacks.Message);
        NativeMethods.mosquitto_log_callback_set(_client, &Callbacks.Log);
    }

    private void SetWill(MqttMessage will)
    {
        var properties = new PropertyList();
        try
        {
            AddExpiry(ref properties, will.Expiry);
            fixed (byte* payload = will.Payload.Span)
            {
                Codes.ThrowIfFailed("will", NativeMethods.mosquitto_will_set_v5(
                    _client, will.Topic, will.Payload.Length, payload, Qos1, will.Retain, properties.Pointer));
            }

            properties.Release();
        }
        finally
        {
            properties.Dispose();
        }
    }

    /// <summary>Opens the connection; blocks while the operating system connects (a host that never answers: about two minutes).</summary>
    /// <returns>Null, or why it failed.</returns>
    internal MqttException? Connect(MqttOptions options)
    {
        var properties = new PropertyList();
        try
        {
            properties.Add(Codes.PropertySessionExpiry, (uint)options.SessionExpiry.TotalSeconds);
            properties.Add(Codes.PropertyMaximumPacketSize, (uint)options.MaxPacketBytes);
            return Failure(
                $"connect to {options.Host}:{options.Port}",
                NativeMethods.mosquitto_connect_bind_v5(_client, options.Host, options.Port, (int)options.KeepAlive.TotalSeconds, 0, properties.Pointer));
        }
        finally
        {
            properties.Dispose();
        }
    }

    /// <summary>Reads and writes what is due, waiting for it at most <paramref name="timeout"/>; callbacks run inside.</summary>
    /// <returns>Null, or why the connection has ended.</returns>
    internal MqttException? Loop(TimeSpan timeout)
    {
        var failure = Failure("connection", NativeMethods.mosquitto_loop(_client, (int)timeout.TotalMilliseconds, 1));
        return Fault is null ? failure : new MqttException("connection", 0, Fault.Message);
    }

    /// <summary>Hands a message over at QoS 1.</summary>
    /// <returns>The library's code; 0 and <see cref="Codes.NoConnection"/> both mean that it has the message under <paramref name="mid"/>.</returns>
    internal int Publish(MqttMessage message, TimeSpan? expiry, out int mid)
    {
        var properties = new PropertyList();
        try
        {
            AddExpiry(ref properties, expiry);
            fixed (byte* payload = message.Payload.Span)
            {
                return NativeMethods.mosquitto_publish_v5(
                    _client, out mid, message.Topic, message.Payload.Length, payload, Qos1, message.Retain, properties.Pointer);
            }
        }
        finally
        {
            properties.Dispose();
        }
    }

    internal int Subscribe(string filter, out int mid) => NativeMethods.mosquitto_subscribe_v5(_client, out mid, filter, Qos1, 0, 0);

    /// <summary>Says goodbye (the will is not published) and wakes the loop.</summary>
    internal void Disconnect() => _ = NativeMethods.mosquitto_disconnect_v5(_client, 0, 0);

    /// <summary>Cuts the connection without a goodbye: what was not acknowledged stays so, and the will is published.</summary>
    internal void Abandon()
    {
        const int bothDirections = 2;
        var socket = NativeMethods.mosquitto_socket(_client);
        if (socket >= 0)
        {
            _ = NativeMethods.shutdown(socket, bothDirections);
        }
    }

    public void Dispose()
    {
        if (_client != 0)
        {
            NativeMethods.mosquitto_destroy(_client);
            _client = 0;
        }

        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private void Fail(Exception exception)
    {
        Fault = exception;
        Abandon();
    }

    private static void AddExpiry(ref PropertyList properties, TimeSpan? expiry)
    {
        if (expiry is { } time)
        {
            // 0 would mean "never" to some brokers; a started second counts as one.
            properties.Add(Codes.PropertyMessageExpiry, (uint)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, uint.MaxValue));
        }
    }

    private MqttException? Failure(string what, int code) => code switch
    {
        Codes.Success => null,
        // The broker said why it ends the connection (session taken over, say).
        _ when _endReason >= Codes.FirstRefusal => Codes.Exception(what, _endReason),
        Codes.OperatingSystem => Codes.Exception(what, code, Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())),
        _ => Codes.Exception(what, code, _errorLine),
    };

    /// <summary>What the library calls. Nothing may be thrown into native code: an exception is kept as the connection's fault and ends it.</summary>
    private static class Callbacks
    {
        private static Connection Of(nint self) => (Connection)GCHandle.FromIntPtr(self).Target!;

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        internal static void Connected(nint client, nint self, int reason, int flags, nint properties)
        {
            try
            {
                // The library formats a line for every packet while it has somewhere to send it; only the handshake's errors are of use.
                NativeMethods.mosquitto_log_callback_set(client, null);
                Of(self)._events.Answered(reason);
            }
            catch (Exception exception)
            {
                Of(self).Fail(exception);
            }
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        internal static void Disconnected(nint client, nint self, int reason, nint properties)
        {
            // Called a second time for the lost connection: the broker's own reason, which comes first, is the one to keep.
            var connection = Of(self);
            if (connection._endReason < Codes.FirstRefusal)
                connection._endReason = reason;
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        internal static void Published(nint client, nint self, int mid, int reason, nint properties)
        {
            try
            {
                Of(self)._events.Published(mid, reason);
            }
            catch (Exception exception)
            {
                Of(self).Fail(exception);
            }
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        internal static void Subscribed(nint client, nint self, int mid, int count, int* reasons, nint properties)
        {
            try
            {
                const int unspecifiedError = 128;
                Of(self)._events.Subscribed(mid, count > 0 ? reasons[0] : unspecifiedError);
            }
            catch (Exception exception)
            {
                Of(self).Fail(exception);
            }
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        internal static void Message(nint client, nint self, NativeMessage* message, nint properties)
        {
            try
            {
                var connection = Of(self);
                if (connection.Fault is not null)
                {
                    return;
                }

                var expires = NativeMethods.mosquitto_property_read_int32(properties, Codes.PropertyMessageExpiry, out var seconds, skipFirst: false) != 0;
                connection._events.Arrived(new(
                    Marshal.PtrToStringUTF8(message->Topic) ?? "",
                    new ReadOnlySpan<byte>(message->Payload, message->PayloadLength).ToArray(),
                    message->Retain != 0,
                    expires ? TimeSpan.FromSeconds(seconds) : null));
            }
            catch (Exception exception)
            {
                Of(self).Fail(exception);
            }
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        internal static void Log(nint client, nint self, int level, nint line)
        {
            if (level == Codes.LogError)
            {
                Of(self)._errorLine = Marshal.PtrToStringUTF8(line);
            }
        }
    }
}
