namespace CanteenPay.DeviceAgent.Screen;

/// <summary>The pages that are being told what changes, at most eight: one more takes the place of the oldest, which may be a browser that is long gone.</summary>
internal sealed class EventStreams
{
    /// <summary>Most pages at a time.</summary>
    public const int Max = 8;

    private readonly Lock gate = new();
    private readonly LinkedList<CancellationTokenSource> open = [];

    /// <summary>Takes a place; the token ends the stream when the page goes, the agent stops or another page needs the place.</summary>
    public Place Take(CancellationToken gone, CancellationToken stopping)
    {
        var place = new Place(this, CancellationTokenSource.CreateLinkedTokenSource(gone, stopping));
        lock (gate)
        {
            if (open.Count >= Max)
            {
                _ = open.First!.Value.CancelAsync();
                open.RemoveFirst();
            }

            open.AddLast(place.Source);
        }

        return place;
    }

    private void Leave(CancellationTokenSource source)
    {
        lock (gate)
            open.Remove(source);
    }

    /// <summary>A page's place.</summary>
    internal sealed class Place(EventStreams streams, CancellationTokenSource source) : IDisposable
    {
        /// <summary>Cancelled when the stream has to end.</summary>
        public CancellationToken Ended => source.Token;

        internal CancellationTokenSource Source => source;

        /// <inheritdoc/>
        public void Dispose()
        {
            streams.Leave(source);
            source.Dispose();
        }
    }
}
