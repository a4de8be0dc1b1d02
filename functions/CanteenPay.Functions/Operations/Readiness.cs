using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Functions.Operations;

/// <summary>Whether the storage that every function needs answers.</summary>
internal sealed class Readiness(TableServiceClient tables)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads one row that is never there.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        try
        {
            await tables.GetTableClient("Orders").GetEntityIfExistsAsync<TableEntity>("health", "health", limited.Token);
            return true;
        }
        catch (Exception e) when (e is RequestFailedException or OperationCanceledException or AggregateException)
        {
            return false;
        }
    }
}
