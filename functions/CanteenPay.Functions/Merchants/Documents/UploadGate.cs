using System.Threading.RateLimiting;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>How many uploads one process takes at once: each holds its picture three times over, 24 MB, for a moment.</summary>
internal sealed class UploadGate : IDisposable
{
    private const int AtOnce = 8;

    /// <summary>Four papers of each of some distributors may wait their turn.</summary>
    private const int Waiting = 24;

    /// <summary>Nobody takes the places of all: four papers of one distributor go two by two.</summary>
    private const int AtOnceOfOne = 2, WaitingOfOne = 4;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.CreateChained(
        Limiter(caller => caller, AtOnceOfOne, WaitingOfOne), Limiter(_ => "", AtOnce, Waiting));

    /// <summary>Waits for a place; a lease that is not acquired means that too many are waiting.</summary>
    /// <param name="caller">Who sends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<RateLimitLease> EnterAsync(string caller, CancellationToken cancellationToken) => _limiter.AcquireAsync(caller, 1, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    private static PartitionedRateLimiter<string> Limiter(Func<string, string> keyOf, int atOnce, int waiting) => PartitionedRateLimiter.Create<string, string>(
        caller => RateLimitPartition.GetConcurrencyLimiter(keyOf(caller), _ => new() { PermitLimit = atOnce, QueueLimit = waiting }));
}
