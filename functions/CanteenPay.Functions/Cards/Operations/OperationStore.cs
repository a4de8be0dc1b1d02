using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>The operations, and the transactions by which they move accounts.</summary>
internal sealed class OperationStore(CardStore cards)
{
    /// <summary>An operation; null when nothing was asked for under the key.</summary>
    public Task<OperationRow?> FindAsync(MerchantId merchant, string key, CancellationToken cancellationToken) =>
        cards.FindAsync<OperationRow>(merchant, CardKeys.Operation(key), cancellationToken);

    /// <summary>Stores an operation if nothing was asked for under its key; what is stored then, and whether this call did it.</summary>
    public async Task<(OperationRow Row, bool Inserted)> InsertAsync(OperationRow asked, CancellationToken cancellationToken)
    {
        if (await cards.TryWriteAsync(new CardTransaction().Insert(asked), cancellationToken) is [var version])
            return (asked with { Version = version }, true);
        var stored = await FindAsync(asked.Merchant, asked.Key, cancellationToken)
            ?? throw new InvalidOperationException($"Operation {asked.Key} was there and is gone: operations are never deleted.");
        return (stored, false);
    }

    /// <summary>Notes how far an operation is; null when somebody else noted something since it was read.</summary>
    public async Task<OperationRow?> TryUpdateAsync(OperationRow next, CancellationToken cancellationToken) =>
        await cards.TryWriteAsync(new CardTransaction().Write(next, next.Version), cancellationToken) is [var version] ? next with { Version = version } : null;

    /// <summary>What a step came to; null when it was not taken.</summary>
    public Task<MovedRow?> FindStepAsync(OperationRow row, int step, CancellationToken cancellationToken) =>
        cards.FindAsync<MovedRow>(row.Merchant, CardKeys.Moved(row.Key, step), cancellationToken);

    /// <summary>Moves an account and notes it, in one transaction; false when another took the step, or something that it was decided by has changed.</summary>
    /// <param name="read">The account as it was read; its version is default for one that is new.</param>
    /// <param name="moved">What the account becomes.</param>
    /// <param name="step">The note.</param>
    /// <param name="beside">Rows that must not be there yet: a card's number, what was taken back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> TryMoveAsync(
        AccountRow read, Moved moved, MovedRow step, IEnumerable<ITableEntity> beside, CancellationToken cancellationToken)
    {
        var transaction = new CardTransaction().Write(read, moved.Account).Insert(step)
            .Insert(new ChangeRow(read.Merchant, StepKey(step.Key, step.Chunk), [moved.Account.AccountId]));
        foreach (var row in beside)
            transaction.Insert(row);
        return await cards.TryWriteAsync(transaction, cancellationToken) is not null;
    }

    /// <summary>Notes that a step was refused; false when another took it.</summary>
    public async Task<bool> TryRefuseAsync(MovedRow step, CancellationToken cancellationToken) =>
        await cards.TryWriteAsync(new CardTransaction().Insert(step), cancellationToken) is not null;

    /// <summary>Whether the feed has taken up what a step changed: its version now, or null.</summary>
    public async Task<long?> FeedBeyondAsync(OperationRow row, int step, CancellationToken cancellationToken)
    {
        if (await cards.FindAsync<ChangeRow>(row.Merchant, CardKeys.Change(StepKey(row.Key, step)), cancellationToken) is not null)
            return null;
        return (await cards.FeedAsync(row.Merchant, cancellationToken)).Current;
    }

    private static string StepKey(string key, int step) => $"{key}.{step}";
}
