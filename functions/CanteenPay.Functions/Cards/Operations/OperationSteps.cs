using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Restored;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Takes one step of an operation, once, whoever else works on the operation or on its account.</summary>
internal sealed class OperationSteps(CardStore cards, OperationStore store, OpenCardStore open, Random random, TimeProvider clock)
{
    private const int MaxConflicts = 12;
    private const int LongestWaitMs = 60;

    /// <summary>What the step came to: now, or when it was taken before.</summary>
    /// <param name="row">The operation.</param>
    /// <param name="step">Which step, from 0.</param>
    /// <param name="account">Its account as it was just read, when the step cannot have been taken; null: all is read here.</param>
    /// <param name="decideAsync">What becomes of the account, and which rows are written beside it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">Others kept writing the account.</exception>
    public async Task<MovedRow> TakeAsync(
        OperationRow row, int step, AccountRow? account, Func<AccountRow, Task<(Outcome Outcome, IEnumerable<ITableEntity> Beside)>> decideAsync,
        CancellationToken cancellationToken)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            if (account is null)
            {
                if (await store.FindStepAsync(row, step, cancellationToken) is { } taken)
                    return taken;
                // Anew: the feed's guard that was written when it was asked for may be gone, where the step had to wait.
                await open.GuardFeedAsync(row.Merchant, cancellationToken);
                account = await cards.AccountAsync(row.Merchant, row.Account, cancellationToken) ?? NewAccount(row);
            }

            var (outcome, beside) = await decideAsync(account);
            var (note, written) = await WriteAsync(row, step, account, outcome, beside, cancellationToken);
            if (written)
                return note;
            account = null;
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestWaitMs)), clock, cancellationToken);
        }

        throw new InvalidOperationException($"Account {row.Account} was written by others {MaxConflicts} times in a row.");
    }

    /// <summary>An account that is about to be opened.</summary>
    public static AccountRow NewAccount(OperationRow row) => row.Operation is OpenAccount open
        ? new(row.Merchant, new() { AccountId = row.Account, Version = 0, CardType = open.CardType }, Version: default)
        : throw new InvalidOperationException($"Account {row.Account} is gone: accounts are never deleted.");

    /// <summary>
    /// An account that is opened where rows were put back begins beyond what machines may know under its id: they would not listen to it otherwise, and would go on with what it
    /// held before.
    /// </summary>
    private async Task<AccountRow> AsNewAsync(AccountRow account, CancellationToken cancellationToken) =>
        account.Version == default && await cards.FindAsync<RestoredRow>(account.Merchant, RestoredRow.RowKey, cancellationToken) is { } restored
            ? account with { Account = account.Account with { Version = restored.Floor } }
            : account;

    private async Task<(MovedRow Note, bool Written)> WriteAsync(
        OperationRow row, int step, AccountRow account, Outcome outcome, IEnumerable<ITableEntity> beside, CancellationToken cancellationToken)
    {
        var result = new StepResult(clock.GetUtcNow());
        switch (outcome)
        {
            case Moved moved:
                var note = new MovedRow(row.Merchant, row.Key, step, FirstNumber: step * CardTransaction.MaxRows, moved.Entries)
                {
                    Result = result with { Balance = moved.Account.Balance, State = moved.Account.State },
                };
                return (note, await store.TryMoveAsync(await AsNewAsync(account, cancellationToken), moved, note, beside, cancellationToken));
            case Refused refused:
                var refusal = new MovedRow(row.Merchant, row.Key, step, FirstNumber: 0, Entries: []) { Result = result with { Refused = refused } };
                return (refusal, await store.TryRefuseAsync(refusal, cancellationToken));
            default:
                throw new InvalidOperationException($"{outcome} is neither done nor refused.");
        }
    }
}
