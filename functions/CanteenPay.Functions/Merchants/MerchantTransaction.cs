using System.Net;
using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Functions.Merchants;

/// <summary>What is to be written of one merchant, all or nothing.</summary>
internal sealed class MerchantTransaction
{
    private readonly List<TableTransactionAction> _actions = [];

    /// <summary>Inserts a row that must not be there.</summary>
    public MerchantTransaction Insert(ITableEntity row) => Add(new(TableTransactionActionType.Add, row));

    /// <summary>Replaces a row that must be the version that was read.</summary>
    public MerchantTransaction Replace(ITableEntity row, ETag version) => Add(new(TableTransactionActionType.UpdateReplace, row, version));

    /// <summary>Writes a row, whatever is there.</summary>
    public MerchantTransaction Put(ITableEntity row) => Add(new(TableTransactionActionType.UpsertReplace, row));

    /// <summary>Writes all or nothing: the new versions in the order of the writes, or null when a row was not what it was taken for: read again.</summary>
    public async Task<IReadOnlyList<ETag>?> TryWriteAsync(TableClient table, CancellationToken cancellationToken)
    {
        try
        {
            return await table.SubmitTransactionAsync(_actions, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private MerchantTransaction Add(TableTransactionAction action)
    {
        _actions.Add(action);
        return this;
    }
}
