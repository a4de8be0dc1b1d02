using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CanteenPay.DeviceAgent;

/// <summary>Reading a part's inputs.</summary>
internal static class ChannelReading
{
    /// <summary>
    /// Each item as it comes. Unlike <see cref="ChannelReader{T}.ReadAllAsync"/> it goes on where its reader runs, not wherever the pool has a thread: a simulation
    /// that runs many machines on one thread depends on it.
    /// </summary>
    public static async IAsyncEnumerable<T> ReadEachAsync<T>(this ChannelReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.WaitToReadAsync(cancellationToken))
        {
            while (reader.TryRead(out var item))
                yield return item;
        }
    }
}
