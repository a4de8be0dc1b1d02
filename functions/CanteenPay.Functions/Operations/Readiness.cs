using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Functions.Operations;

/// <summary>Whether the storage that every function needs answers.</summary>
internal sealed class Readiness(TableAccounts accounts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads one row that is never there, in each account.</summary>
    /// <returns>The accounts that did not answer.</returns>
    public async Task<IReadOnlyList<string>> SilentAsync(CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        var names = accounts.Names.ToList();
        var answered = await Task.WhenAll(names.Select(name => AnswersAsync(accounts[name], limited.Token)));
        return [.. names.Zip(answered).Where(pair => !pair.Second).Select(pair => pair.First)];
    }

    private static async Task<bool> AnswersAsync(TableServiceClient account, CancellationToken cancellationToken)
    {
        try
        {
            await account.GetTableClient("Orders").GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken);
            return true;
        }
        catch (Exception e) when (e is RequestFailedException or OperationCanceledException or AggregateException)
        {
            return false;
        }
    }
}
