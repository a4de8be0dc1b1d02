using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>
/// The statements: table <c>Settlements</c>, partition = settlement date. Who writes a revision changes the row of the one before in the same transaction, and so does who closes the
/// day: hence nobody who read before the closing can write after it.
/// </summary>
internal sealed class StatementStore(TableServiceClient tables)
{
    /// <summary>The key after all of a merchant's: what follows the hyphen.</summary>
    private const char AfterHyphen = '.';

    private readonly TableClient _settlements = tables.GetTableClient(ClosedDays.Table);

    /// <summary>The latest revision of each merchant's statement of a date, in the order of the merchants, read page by page.</summary>
    public IAsyncEnumerable<StatementRow> LatestAsync(DateOnly day, CancellationToken cancellationToken) => LatestAsync(day, after: null, cancellationToken);

    /// <summary>The latest revision of each merchant's statement of a date, in the order of the merchants, of those after one.</summary>
    public IAsyncEnumerable<StatementRow> LatestAsync(DateOnly day, MerchantId? after, CancellationToken cancellationToken)
    {
        var (partition, from) = (BusinessDay.Key(day), after is { } merchant ? $"{merchant}{AfterHyphen}" : "");
        return _settlements.QueryAsync<StatementRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and IsLatest eq {true}"), cancellationToken: cancellationToken);
    }

    /// <summary>The card totals that count of each merchant of a date, in the order of the merchants, read page by page.</summary>
    public async IAsyncEnumerable<CardTotalsRow> LatestCardsAsync(DateOnly day, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var partition = BusinessDay.Key(day);
        var rows = new List<TableEntity>();
        await foreach (var row in _settlements.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and (IsCards eq {true} or IsMarker eq {true})"), cancellationToken: cancellationToken))
        {
            if (rows.Count > 0 && !row.RowKey.StartsWith(rows[0].RowKey[..MerchantId.Length], StringComparison.Ordinal))
            {
                if (Sheet(rows).LatestCards is { } latest)
                    yield return latest;
                rows.Clear();
            }

            rows.Add(row);
        }

        if (Sheet(rows).LatestCards is { } last)
            yield return last;
    }

    /// <summary>The latest revision of a merchant's statement; null when there is none.</summary>
    public async Task<StatementRow?> FindAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken) =>
        (await RevisionsAsync(merchant, day, cancellationToken)) is [.., var latest] ? latest : null;

    /// <summary>All revisions of a merchant's statement, the first one first.</summary>
    public async Task<IReadOnlyList<StatementRow>> RevisionsAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken) =>
        (await ReadAsync(merchant, day, cancellationToken)).Revisions;

    /// <summary>All that is kept of a merchant's day.</summary>
    public async Task<MerchantSheet> ReadAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken)
    {
        var (partition, from, to) = (BusinessDay.Key(day), $"{merchant}-", $"{merchant}{AfterHyphen}");
        return Sheet(await _settlements.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: cancellationToken).ToListAsync(cancellationToken));
    }

    /// <summary>A merchant's rows.</summary>
    private static MerchantSheet Sheet(IEnumerable<TableEntity> rows)
    {
        var (revisions, cards, final) = (new List<StatementRow>(), new List<CardTotalsRow>(), (FinalMarker?)null);
        foreach (var row in rows)
        {
            var kind = row.RowKey.AsSpan(MerchantId.Length);
            if (kind.StartsWith(FinalMarker.Suffix, StringComparison.Ordinal))
                final = FinalMarker.FromTableEntity(row);
            else if (kind.StartsWith(CardTotalsRow.Infix, StringComparison.Ordinal))
                cards.Add(CardTotalsRow.FromTableEntity(row));
            else if (!EmptyStatementRow.IsOne(row))
                revisions.Add(StatementRow.FromTableEntity(row));
        }

        return new([.. revisions.OrderBy(row => row.Revision)], [.. cards.OrderBy(row => row.Revision)], final);
    }

    /// <summary>Adds a revision after the one that was read as the latest; false when it is not the latest any more, or the day was closed with it.</summary>
    public Task<bool> TryAddAsync(StatementRow revision, StatementRow? before, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [new(TableTransactionActionType.Add, revision)];
        if (before is not null)
            actions.Add(Note(before, StatementRow.IsLatestColumn, value: false));
        return TryAsync(actions, cancellationToken);
    }

    /// <summary>Adds a revision of card totals; false when somebody else did.</summary>
    public Task<bool> TryAddAsync(CardTotalsRow revision, CancellationToken cancellationToken) =>
        TryAsync([new(TableTransactionActionType.Add, revision)], cancellationToken);

    /// <summary>
    /// Closes a merchant's day with the revision that was read as the latest, or without one: no revision can be added after it. False when a later one came meanwhile, or somebody
    /// else closed it.
    /// </summary>
    public Task<bool> TryCloseAsync(FinalMarker marker, StatementRow? latest, CancellationToken cancellationToken) => TryAsync(
        [
            new(TableTransactionActionType.Add, marker),
            latest is null
                ? new(TableTransactionActionType.Add, new EmptyStatementRow(marker.Day, marker.Merchant))
                : Note(latest, StatementRow.IsFinalColumn, value: true),
        ],
        cancellationToken);

    private static TableTransactionAction Note(StatementRow revision, string column, bool value) => new(
        TableTransactionActionType.UpdateMerge,
        new TableEntity(BusinessDay.Key(revision.Statement.Day), StatementRow.Key(revision.Statement.Merchant, revision.Revision)) { [column] = value },
        revision.Version);

    private async Task<bool> TryAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await _settlements.SubmitTransactionAsync(actions, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }
}
