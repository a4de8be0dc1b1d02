using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Completes operations that were left behind, and those that wait.</summary>
internal sealed class OperationSweeper(OperationStore store, OperationLife life, ILogger<OperationSweeper> logger) : IGuardedOperations
{
    /// <inheritdoc/>
    public async Task<GuardedState> CompleteAsync(MerchantId merchant, string key, JournalsHeard heard, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(merchant, key, cancellationToken) is not { } row)
            return GuardedState.Unknown;
        var progress = await life.GoOnAsync(row, account: null, heard, cancellationToken);
        if (!progress.Row.IsFinished)
            return GuardedState.Waits;
        if (!row.IsFinished)
            CardOperationLog.Swept(logger, key, merchant.Value);
        return GuardedState.Finished;
    }
}
