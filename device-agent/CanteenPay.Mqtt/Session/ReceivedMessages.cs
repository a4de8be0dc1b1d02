using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CanteenPay.Mqtt.Session;

/// <summary>Hands messages from the network thread to the one reader and holds the thread back while too many are unfinished.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "The semaphore holds no handle, and the reader may still be at its last message when the client ends.")]
internal sealed class ReceivedMessages
{
    // Bounded by _unread: the network thread adds one message and then waits.
    private readonly Channel<MqttMessage> _messages = Channel.CreateUnbounded<MqttMessage>(new() { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _unread;

    /// <param name="limit">Most messages that <see cref="Deliver"/> lets go (which acknowledges them) while the reader is not done with them.</param>
    internal ReceivedMessages(int limit) => _unread = new(limit);

    /// <summary>Called by the network thread; returns when the message may be acknowledged.</summary>
    /// <exception cref="OperationCanceledException">The client is ending.</exception>
    internal void Deliver(MqttMessage message, CancellationToken stopping)
    {
        if (!_messages.Writer.TryWrite(message))
        {
            throw new OperationCanceledException("The reader was told that no more messages come.");
        }

        _unread.Wait(stopping);
    }

    /// <summary>A message is finished when the reader asks for the next one; a reader that leaves in the middle has not finished it.</summary>
    internal async IAsyncEnumerable<MqttMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _messages.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_messages.Reader.TryRead(out var message))
            {
                yield return message;
                _unread.Release();
            }
        }
    }

    internal void Complete() => _messages.Writer.TryComplete();
}
