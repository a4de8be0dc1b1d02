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

    /// <summary>It does not any more.</summary>
    public async Task ForgetAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        try
        {
            await _index.DeleteEntityAsync(CarriedRow.Partition, merchant.Value, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // Gone is what was wanted.
        }
    }
}

/// <summary>A merchant that owes something.</summary>
/// <param name="Merchant">Who.</param>
/// <param name="Day">The last settlement date with a statement.</param>
/// <param name="Amount">What it handed on, below nothing.</param>
internal sealed record CarriedRow(MerchantId Merchant, DateOnly Day, Fen Amount) : ITableEntity<CarriedRow>
{
    /// <summary>The partition of all of them.</summary>
    public const string Partition = "carried";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Partition, Merchant.Value) { ["Day"] = BusinessDay.Key(Day), ["Fen"] = Amount.Value };

    /// <inheritdoc/>
    public static CarriedRow FromTableEntity(TableEntity row) =>
        new(MerchantId.Parse(row.RowKey), DateOnly.ParseExact(row.Text("Day"), "yyyyMMdd", CultureInfo.InvariantCulture), row.Fen("Fen"));
}
