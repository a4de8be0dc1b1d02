using System.Threading.RateLimiting;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>How many uploads one process takes at once: each holds its picture three times over, 24 MB, for a moment.</summary>
internal sealed class UploadGate : IDisposable
{
    private const int AtOnce = 8;

    /// <summary>Four papers of each of some distributors may wait their turn.</summary>
    private const int Waiting = 24;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = Waiting });

    /// <summary>Waits for a place; a lease that is not acquired means that too many are waiting.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => _limiter.AcquireAsync(1, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
