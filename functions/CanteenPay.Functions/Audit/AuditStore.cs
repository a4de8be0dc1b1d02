using System.Globalization;
using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>The table <c>Audit</c>: a partition for each day, and one that says where to begin looking.</summary>
internal sealed class AuditStore(TableServiceClient tables)
{
    /// <summary>Greater than every day's key, so that it stands behind them all.</summary>
    private const string Days = "days";
    private const string Latest = "latest";
    private const string DayColumn = "Day";
    private const int MostDaysBetween = 400;

    private readonly TableClient _audit = tables.GetTableClient("Audit");

    /// <summary>A day at or before the one that is open; null when nothing was ever kept.</summary>
    public async Task<DateOnly?> BeginningAsync(CancellationToken cancellationToken) =>
        await _audit.GetEntityIfExistsAsync<TableEntity>(Days, Latest, cancellationToken) is { } row && row.GetString(DayColumn) is { } day
            ? DateOnly.ParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture)
            : null;

    /// <summary>Where to begin looking from now on.</summary>
    public Task BeginAtAsync(DateOnly day, CancellationToken cancellationToken) =>
        _audit.UpsertEntityAsync(new TableEntity(Days, Latest) { [DayColumn] = BusinessDay.Key(day) }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>A day's head, or null.</summary>
    public Task<AuditHead?> HeadAsync(DateOnly day, CancellationToken cancellationToken) =>
        _audit.GetEntityIfExistsAsync<AuditHead>(BusinessDay.Key(day), AuditHead.RowKey, cancellationToken);

    /// <summary>An entry, or null.</summary>
    public Task<AuditRow?> FindAsync(DateOnly day, long seq, CancellationToken cancellationToken) =>
        _audit.GetEntityIfExistsAsync<AuditRow>(BusinessDay.Key(day), AuditRow.Key(seq), cancellationToken);

    /// <summary>A day's entries in their order, after one of them.</summary>
    public IAsyncEnumerable<AuditRow> ListAsync(DateOnly day, long after, int? maxPerPage, CancellationToken cancellationToken)
    {
        var (partition, from, to) = (BusinessDay.Key(day), AuditRow.Key(after), AuditHead.RowKey);
        return _audit.QueryAsync<AuditRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {from} and RowKey lt {to}"), maxPerPage, cancellationToken: cancellationToken);
    }

    /// <summary>Whether anything is kept of an earlier day.</summary>
    public async Task<bool> HasEarlierAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = BusinessDay.Key(day);
        return await _audit.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey lt {partition}"), 1, cancellationToken: cancellationToken)
            .AnyAsync(cancellationToken);
    }

    /// <summary>The day that was sealed with this one as the next; null when there is none within a year or so.</summary>
    public async Task<DateOnly?> FollowedByAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var (from, partition, row) = (BusinessDay.Key(day.AddDays(-MostDaysBetween)), BusinessDay.Key(day), AuditHead.RowKey);
        return await _audit.QueryAsync<AuditHead>(
            TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {partition} and RowKey eq {row} and Next eq {partition}"),
            1,
            cancellationToken: cancellationToken).FirstOrDefaultAsync(cancellationToken) is { } head ? head.Day : null;
    }

    /// <summary>Notes that an entry which an instance had kept was gone when it looked again, so that the check finds it.</summary>
    public Task NoteRewrittenAsync(AuditRow kept, CancellationToken cancellationToken) => _audit.UpsertEntityAsync(
        new TableEntity(Days, RewrittenPrefix(kept.Day) + AuditRow.Key(kept.Seq)) { ["Hash"] = kept.Hash }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>The entries of a day that were kept and then gone: the ends of their notes' keys.</summary>
    public IAsyncEnumerable<string> RewrittenAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var (partition, from, to) = (Days, RewrittenPrefix(day), RewrittenPrefix(day) + ":");
        return _audit.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: cancellationToken)
            .Select(row => row.RowKey[from.Length..].TrimStart('0'));
    }

    /// <summary>Adds rows and moves the head, all or nothing: the head with its new version, or null when it was not what it was taken for.</summary>
    public async Task<AuditHead?> TryAddAsync(AuditHead head, IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        var moved = head with { Seq = rows[^1].Seq, Hash = rows[^1].Hash };
        try
        {
            var versions = await _audit.SubmitTransactionAsync(
                [.. rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), Write(moved)], cancellationToken);
            return moved with { Version = versions[^1] };
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            return null;
        }
    }

    /// <summary>Closes a day for good; null when its head was not what it was taken for.</summary>
    public async Task<AuditHead?> TrySealAsync(AuditHead head, DateOnly next, CancellationToken cancellationToken)
    {
        try
        {
            var closed = head with { Next = next };
            return closed with
            {
                Version = head.Version == default
                    ? await _audit.AddEntityAsync(closed, cancellationToken)
                    : await _audit.UpdateEntityAsync(closed, head.Version, TableUpdateMode.Replace, cancellationToken),
            };
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            return null;
        }
    }

    private static string RewrittenPrefix(DateOnly day) => $"rewritten-{BusinessDay.Key(day)}-";

    private static TableTransactionAction Write(AuditHead head) => head.Version == default
        ? new(TableTransactionActionType.Add, head)
        : new(TableTransactionActionType.UpdateReplace, head, head.Version);

    private static bool IsConflict(RequestFailedException e) =>
        e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound;
}
