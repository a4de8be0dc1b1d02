using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>What is to be written of a merchant's card money, all or nothing.</summary>
internal sealed class CardTransaction
{
    /// <summary>Most rows of a transaction.</summary>
    public const int MaxRows = 100;

    private readonly List<TableTransactionAction> _actions = [];

    /// <summary>The writes.</summary>
    public IReadOnlyList<TableTransactionAction> Actions => _actions;

    /// <summary>Inserts a row that must not be there.</summary>
    public CardTransaction Insert(ITableEntity row) => Add(new(TableTransactionActionType.Add, row));

    /// <summary>Replaces a row that must be the version that was read; inserts one that was not there.</summary>
    /// <param name="row">The row.</param>
    /// <param name="version">The version that was read; default when there was none.</param>
    public CardTransaction Write(ITableEntity row, ETag version) =>
        version == default ? Insert(row) : Add(new(TableTransactionActionType.UpdateReplace, row, version));

    /// <summary>Writes a row, whatever is there.</summary>
    public CardTransaction Put(ITableEntity row) => Add(new(TableTransactionActionType.UpsertReplace, row));

    /// <summary>Writes an account that must be as it was read: its next version.</summary>
    /// <param name="read">As it was read.</param>
    /// <param name="next">What becomes of it; its version is counted up here.</param>
    public CardTransaction Write(AccountRow read, CardAccount next) =>
        Write(read with { Account = next with { Version = read.Account.Version + 1 } }, read.Version);

    /// <summary>Deletes a row that must be there.</summary>
    public CardTransaction Delete(MerchantId merchant, string rowKey) => Add(new(TableTransactionActionType.Delete, new TableEntity(merchant.Value, rowKey)));

    private CardTransaction Add(TableTransactionAction action)
    {
        _actions.Add(action);
        return this;
    }
}
