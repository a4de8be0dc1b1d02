using System.Runtime.InteropServices;

namespace CanteenPay.Mqtt.Interop;

/// <summary>The shared library, looked for before its first use so that its absence is a sentence and not a stack trace.</summary>
internal static class MosquittoLibrary
{
    private static readonly Lock Gate = new();
    private static bool initialised;

    /// <exception cref="MqttException">The library is not installed or cannot be initialised.</exception>
    internal static void EnsureLoaded(string name = NativeMethods.Library)
    {
        lock (Gate)
        {
            if (!NativeLibrary.TryLoad(name, out var handle))
            {
                throw new MqttException($"{name} is not installed", 0, "install Debian's package libmosquitto1");
            }

            NativeLibrary.Free(handle);
            if (!initialised)
            {
                Codes.ThrowIfFailed("initialise libmosquitto", NativeMethods.mosquitto_lib_init());
                initialised = true;
            }
        }
    }
}
