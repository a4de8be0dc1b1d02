using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>How long the till waits for what.</summary>
internal sealed record TillLimits
{
    /// <summary>A diner waits so long for a QR; then the order is cancelled (design, What fails).</summary>
    public TimeSpan NoQr { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>An order waits so long for the cloud's time before it is made with the machine's own.</summary>
    public TimeSpan TimeWithin { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A QR stays on the screen so long, <see cref="PayRequest.MinScreenSeconds"/> to <see cref="PayRequest.MaxScreenSeconds"/>.</summary>
    public TimeSpan QrLife { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>A result stays in the middle of the screen so long, unless a key is pressed.</summary>
    public TimeSpan ResultStays { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>A sentence for the cashier stays so long.</summary>
    public TimeSpan NoticeStays { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The list of the last payments stays so long.</summary>
    public TimeSpan ListStays { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A manager's step is given up so long after his last key.</summary>
    public TimeSpan ManagerStays { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Invariant 5: nothing is spoken later than this after the payment.</summary>
    public TimeSpan SpeakWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Nothing is said about a card later than this: by then another one lies there.</summary>
    public TimeSpan SpeakTapWithin { get; init; } = TimeSpan.FromSeconds(6);
}
