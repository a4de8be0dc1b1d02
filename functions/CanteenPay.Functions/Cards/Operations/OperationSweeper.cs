using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Completes operations that were left behind, and those that wait.</summary>
internal sealed class OperationSweeper(OperationStore store, OperationLife life, ILogger<OperationSweeper> logger) : IGuardedOperations
{
    /// <inheritdoc/>
    public async Task<bool> CompleteAsync(MerchantId merchant, string key, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(merchant, key, cancellationToken) is not { } row)
            return false;
        var progress = await life.GoOnAsync(row, account: null, cancellationToken);
        if (!row.IsFinished && progress.Row.IsFinished)
            CardOperationLog.Swept(logger, key, merchant.Value);
        return true;
    }
}
