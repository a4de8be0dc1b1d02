using System.Globalization;
using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>
/// Which merchants owe something: table <c>DayIndex</c>, partition <c>carried</c>, so that the night makes a statement for them also on days without business. Only an index: the truth
/// is the chain of statements, and a row that is out of date costs a look.
/// </summary>
internal sealed class CarriedMerchants(TableServiceClient tables)
{
    private readonly TableClient _index = tables.GetTableClient(DayIndex.Table);

    /// <summary>All of them.</summary>
    public IAsyncEnumerable<CarriedRow> ListAsync(CancellationToken cancellationToken) =>
        _index.QueryAsync<CarriedRow>(TableClient.CreateQueryFilter($"PartitionKey eq {CarriedRow.Partition}"), cancellationToken: cancellationToken);

    /// <summary>A merchant owes something.</summary>
    public Task NoteAsync(CarriedRow row, CancellationToken cancellationToken) => _index.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);

    /// <summary>What is noted of a merchant; null when it owes nothing.</summary>
    public Task<CarriedRow?> FindAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        _index.GetEntityIfExistsAsync<CarriedRow>(CarriedRow.Partition, merchant.Value, cancellationToken);

    /// <summary>It does not any more, unless it was noted anew since it was read: a later day says so, and knows better.</summary>
    /// <param name="read">What was read before its chain of statements was; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ForgetAsync(CarriedRow? read, CancellationToken cancellationToken)
    {
        if (read is null)
            return;
        try
        {
            await _index.DeleteEntityAsync(CarriedRow.Partition, read.Merchant.Value, read.Version, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.PreconditionFailed)
        {
            // Gone is what was wanted, and what is new is not ours.
        }
    }
}

/// <summary>A merchant that owes something.</summary>
/// <param name="Merchant">Who.</param>
/// <param name="Day">The last settlement date with a statement.</param>
/// <param name="Amount">What it handed on, below nothing.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record CarriedRow(MerchantId Merchant, DateOnly Day, Fen Amount, ETag Version = default) : ITableEntity<CarriedRow>
{
    /// <summary>The partition of all of them.</summary>
    public const string Partition = "carried";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Partition, Merchant.Value) { ["Day"] = BusinessDay.Key(Day), ["Fen"] = Amount.Value };

    /// <inheritdoc/>
    public static CarriedRow FromTableEntity(TableEntity row) =>
        new(MerchantId.Parse(row.RowKey), DateOnly.ParseExact(row.Text("Day"), "yyyyMMdd", CultureInfo.InvariantCulture), row.Fen("Fen"), row.ETag);
}
