using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>Editions and merchants' files in the table <c>Settlements</c>.</summary>
internal sealed class EditionStore(TableServiceClient tables)
{
    private const string AfterPrefix = "edition.", AfterHyphen = ".";

    private readonly TableClient _settlements = tables.GetTableClient(ClosedDays.Table);

    /// <summary>A date's editions, the first one first.</summary>
    public async Task<IReadOnlyList<EditionRow>> ListAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = BusinessDay.Key(day);
        var rows = await _settlements.QueryAsync<EditionRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {EditionRow.Prefix} and RowKey lt {AfterPrefix}"), cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken);
        // Keys sort numbers as text.
        return [.. rows.OrderBy(row => row.Number)];
    }

    /// <summary>The last edition whose files are all there; null when there is none.</summary>
    public async Task<EditionRow?> CompleteAsync(DateOnly day, CancellationToken cancellationToken) =>
        (await ListAsync(day, cancellationToken)).LastOrDefault(row => row.CompleteAt is not null);

    /// <summary>Whether a file is one of an edition, or of a merchant's revision, that is all there.</summary>
    public async Task<bool> HoldsAsync(ExportName file, CancellationToken cancellationToken)
    {
        var files = file.Merchant is { } merchant
            ? (await _settlements.GetEntityIfExistsAsync<MerchantFilesRow>(MerchantFilesRow.Partition(file.Day), MerchantFilesRow.Key(merchant, file.Revision), cancellationToken))?.Files
            : (await _settlements.GetEntityIfExistsAsync<EditionRow>(BusinessDay.Key(file.Day), EditionRow.Key(file.Revision), cancellationToken))?.Files;
        var name = file.ToString();
        return files?.Any(there => there.Name == name) ?? false;
    }

    /// <summary>Takes the next number for a content; null when somebody else took it.</summary>
    public async Task<EditionRow?> TryAddAsync(EditionRow row, CancellationToken cancellationToken) =>
        await TryInsertAsync(row, cancellationToken) is { } version ? row with { Version = version } : null;

    /// <summary>Notes that all files are there; false when somebody else did.</summary>
    public async Task<bool> TryCompleteAsync(EditionRow row, CancellationToken cancellationToken)
    {
        try
        {
            await _settlements.UpdateEntityAsync(row, row.Version, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    /// <summary>The files of every revision of a date's statements that has all of them, read page by page.</summary>
    public IAsyncEnumerable<MerchantFilesRow> ListFilesAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = MerchantFilesRow.Partition(day);
        return _settlements.QueryAsync<MerchantFilesRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);
    }

    /// <summary>The files of a merchant's latest revision that has any; null when none has.</summary>
    public async Task<MerchantFilesRow?> LatestFilesAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken)
    {
        var (partition, from, to) = (MerchantFilesRow.Partition(day), $"{merchant}-", $"{merchant}{AfterHyphen}");
        return await _settlements.QueryAsync<MerchantFilesRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: cancellationToken)
            .MaxByAsync(row => row.Revision, cancellationToken: cancellationToken);
    }

    /// <summary>Notes the files of a revision, once.</summary>
    public Task AddFilesAsync(MerchantFilesRow row, CancellationToken cancellationToken) => TryInsertAsync(row, cancellationToken);

    private async Task<ETag?> TryInsertAsync<T>(T row, CancellationToken cancellationToken)
        where T : class, ITableEntity<T>
    {
        try
        {
            return await _settlements.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return null;
        }
    }
}
