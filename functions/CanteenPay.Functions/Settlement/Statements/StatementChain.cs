using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>A merchant's statements one after another: what each hands on to the next.</summary>
internal sealed class StatementChain(TableServiceClient tables)
{
    /// <summary>A day that is settled is nearly always the last one, or the last but a few.</summary>
    private const int PerPage = 16;

    private readonly TableClient _settlements = tables.GetTableClient(ClosedDays.Table);

    /// <summary>A day and those beside it.</summary>
    public async Task<ChainPlace> AroundAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken)
    {
        ChainRow? next = null, own = null;
        var partition = ChainRow.Partition(merchant);
        var rows = _settlements.QueryAsync<ChainRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), PerPage, cancellationToken: cancellationToken);
        await foreach (var row in rows)
        {
            if (row.Day < day)
                return new(row, own, next);
            if (row.Day == day)
                own = row;
            else
                next = row;
        }

        return new(null, own, next);
    }

    /// <summary>Puts a statement into its place; false when somebody else did meanwhile, or one with a later revision is there.</summary>
    /// <param name="row">Of the statement.</param>
    /// <param name="there">What was read there; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> TryPutAsync(ChainRow row, ChainRow? there, CancellationToken cancellationToken)
    {
        if (there is not null && there with { Version = row.Version } == row)
            return true;
        if (there?.Revision > row.Revision)
            return false;
        try
        {
            _ = there is null
                ? await _settlements.AddEntityAsync(row, cancellationToken)
                : await _settlements.UpdateEntityAsync(row, there.Version, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }
}

/// <summary>A day in a merchant's chain.</summary>
/// <param name="Previous">The statement before it; null for none.</param>
/// <param name="Own">Its own; null while there is none.</param>
/// <param name="Next">The statement after it; null for none.</param>
internal sealed record ChainPlace(ChainRow? Previous, ChainRow? Own, ChainRow? Next)
{
    /// <summary>What is handed to the day.</summary>
    public Fen CarriedIn => Previous?.CarriedOut ?? Fen.Zero;
}
