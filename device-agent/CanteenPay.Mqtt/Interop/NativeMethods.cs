using System.Runtime.InteropServices;

namespace CanteenPay.Mqtt.Interop;

/// <summary>The part of libmosquitto 2.0 that is used. Everything returns a MOSQ_ERR code unless said otherwise.</summary>
internal static unsafe partial class NativeMethods
{
    internal const string Library = "libmosquitto.so.1";

    [LibraryImport(Library)]
    internal static partial int mosquitto_lib_init();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint mosquitto_new(string id, [MarshalAs(UnmanagedType.U1)] bool cleanStart, nint userData);

    [LibraryImport(Library)]
    internal static partial void mosquitto_destroy(nint client);

    [LibraryImport(Library)]
    internal static partial int mosquitto_int_option(nint client, int option, int value);

    [LibraryImport(Library)]
    internal static partial int mosquitto_threaded_set(nint client, [MarshalAs(UnmanagedType.U1)] bool threaded);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_tls_set(nint client, string caFile, nint caPath, string certificateFile, string keyFile, nint passwordCallback);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_username_pw_set(nint client, string userName, nint password);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_will_set_v5(
        nint client, string topic, int length, byte* payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain, nint properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int mosquitto_connect_bind_v5(nint client, string host, int port, int keepAliveSeconds, nint bindAddress, nint properties);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mosquitto_loop(nint client, int timeoutMilliseconds, int maxPackets);

    [LibraryImport(Library)]
    internal static partial int mosquitto_disconnect_v5(nint client, int reason, nint properties);

    /// <returns>The file descriptor, −1 when there is none.</returns>
    [LibraryImport(Library)]
    internal static partial int mosquitto_socket(nint client);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_publish_v5(
        nint client, out int mid, string topic, int length, byte* payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain, nint properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mosquitto_subscribe_v5(nint client, out int mid, string filter, int qos, int options, nint properties);

    [LibraryImport(Library)]
    internal static partial int mosquitto_property_add_int32(ref nint list, int id, uint value);

    /// <returns>The property, 0 when the list has none of this id.</returns>
    [LibraryImport(Library)]
    internal static partial nint mosquitto_property_read_int32(nint list, int id, out uint value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library)]
    internal static partial void mosquitto_property_free_all(ref nint list);

    /// <returns>A static string.</returns>
    [LibraryImport(Library)]
    internal static partial nint mosquitto_strerror(int code);

    /// <returns>A static string.</returns>
    [LibraryImport(Library)]
    internal static partial nint mosquitto_reason_string(int reason);

    [LibraryImport(Library)]
    internal static partial void mosquitto_connect_v5_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library)]
    internal static partial void mosquitto_disconnect_v5_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    [LibraryImport(Library)]
    internal static partial void mosquitto_publish_v5_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library)]
    internal static partial void mosquitto_subscribe_v5_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, int, int*, nint, void> callback);

    [LibraryImport(Library)]
    internal static partial void mosquitto_message_v5_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, nint, NativeMessage*, nint, void> callback);

    [LibraryImport(Library)]
    internal static partial void mosquitto_log_callback_set(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    /// <summary>Ends both directions of a socket without closing the descriptor, which the library still owns.</summary>
    [LibraryImport("libc", EntryPoint = "shutdown")]
    internal static partial int shutdown(int socket, int how);
}

/// <summary>struct mosquitto_message.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMessage
{
    internal int Mid;
    internal nint Topic;
    internal byte* Payload;
    internal int PayloadLength;
    internal int Qos;
    internal byte Retain;
}
