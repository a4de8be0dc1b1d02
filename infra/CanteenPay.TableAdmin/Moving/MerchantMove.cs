using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Homes;
using CanteenPay.Protocol;

namespace CanteenPay.TableAdmin.Moving;

/// <summary>How far a move is.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">Rows of it that were looked at.</param>
/// <param name="Written">Rows that were copied, replaced or taken away in the new account.</param>
internal readonly record struct MoveProgress(string Table, long Rows, long Written);

/// <summary>
/// Moves a merchant's books from one storage account to another: <see cref="CopyAsync"/> any number of times while the app runs, <see cref="SwitchAsync"/> once while it is
/// stopped. The books in the old account stay as they are, with a mark that they are old. It may be killed at any instant and begun again.
/// </summary>
/// <param name="merchant">Whose.</param>
/// <param name="from">The account in which it lives.</param>
/// <param name="to">The account to which it goes; its tables are there.</param>
/// <param name="name">How settings call that account.</param>
/// <param name="clock">Says when.</param>
internal sealed class MerchantMove(MerchantId merchant, TableServiceClient from, TableServiceClient to, string name, TimeProvider clock)
{
    /// <summary>Between the copy and the last look: as long as the longest call of a program that was not stopped may still be on its way.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A transaction holds 100 rows and 4 MiB; the largest row of the books is below 100 KB.</summary>
    private const int RowsAtOnce = 40;

    /// <summary>Copies what the new account lacks, and takes away there what the old one has no longer. The old account is only read.</summary>
    /// <returns>Rows that were written.</returns>
    /// <exception cref="AdminException">The merchant does not live in the account from which it is to go.</exception>
    public async Task<long> CopyAsync(Action<MoveProgress> progress, CancellationToken cancellationToken)
    {
        RefuseUnlessHere(await MarkAsync(from, cancellationToken));
        return await BringAsync(progress, cancellationToken);
    }

    /// <summary>Closes the books in the old account, copies the rest, and opens them in the new one. The app is stopped meanwhile.</summary>
    /// <exception cref="AdminException">The merchant does not live there, or somebody still writes: then the books are open in the old account again.</exception>
    public async Task SwitchAsync(Action<MoveProgress> progress, CancellationToken cancellationToken)
    {
        var before = await MarkAsync(from, cancellationToken);
        RefuseUnlessHere(before);
        var moved = new HomeMark(merchant, name, IsHere: false, clock.GetUtcNow());
        await Marks(from).UpsertEntityAsync(moved, TableUpdateMode.Replace, cancellationToken);
        await BringAsync(progress, cancellationToken);
        await Task.Delay(Pause, clock, cancellationToken);
        if (await FirstDifferenceAsync(progress, cancellationToken) is { } difference)
        {
            await Marks(from).UpsertEntityAsync(
                new HomeMark(merchant, before is { IsHere: true } ? before.LivesIn : "", IsHere: true, clock.GetUtcNow()), TableUpdateMode.Replace, cancellationToken);
            throw new AdminException(
                $"仍有程序在写入 Somebody still writes: {difference}. 商户仍在原账户 The merchant lives where it lived. 请先停止应用 Stop the app (az functionapp stop), then switch again.");
        }

        await Marks(to).UpsertEntityAsync(new HomeMark(merchant, name, IsHere: true, clock.GetUtcNow()), TableUpdateMode.Replace, cancellationToken);
    }

    private async Task<long> BringAsync(Action<MoveProgress> progress, CancellationToken cancellationToken)
    {
        var all = 0L;
        foreach (var table in HomedTables.Books)
        {
            var (rows, written, some) = (0L, 0L, new List<RowPair>());
            var target = to.GetTableClient(table);
            await foreach (var pair in DifferencesAsync(table, () => Tell(++rows), cancellationToken))
            {
                if (some.Count == RowsAtOnce || (some.Count > 0 && some[0].Either.PartitionKey != pair.Either.PartitionKey))
                    await WriteAsync();
                some.Add(pair);
            }

            await WriteAsync();
            progress(new(table, rows, written));
            all += written;

            async Task WriteAsync()
            {
                if (some.Count > 0)
                    await target.SubmitTransactionAsync(some.Select(Action), cancellationToken);
                written += some.Count;
                some.Clear();
            }

            void Tell(long count)
            {
                if (count % 1000 == 0)
                    progress(new(table, count, written));
            }
        }

        return all;
    }

    private static TableTransactionAction Action(RowPair pair) => pair switch
    {
        { Source: null, Target: { } extra } => new(TableTransactionActionType.Delete, extra, extra.ETag),
        { Source: { } row, Target: null } => new(TableTransactionActionType.Add, row),
        { Source: { } row, Target: { } there } => new(TableTransactionActionType.UpdateReplace, row, there.ETag),
        _ => throw new InvalidOperationException("A difference has a row."),
    };

    private async Task<string?> FirstDifferenceAsync(Action<MoveProgress> progress, CancellationToken cancellationToken)
    {
        foreach (var table in HomedTables.Books)
        {
            var rows = 0L;
            await foreach (var pair in DifferencesAsync(table, () => rows++, cancellationToken))
                return $"{table} {pair.Either.PartitionKey} {pair.Either.RowKey}";
            progress(new(table, rows, 0));
        }

        return null;
    }

    private IAsyncEnumerable<RowPair> DifferencesAsync(string table, Action seen, CancellationToken cancellationToken) => TableDifference.OfAsync(
        from.GetTableClient(table), to.GetTableClient(table), RowRange.Of(merchant), row => table == HomeMark.Table && row.RowKey == HomeMark.Row, seen, cancellationToken);

    private async Task<HomeMark?> MarkAsync(TableServiceClient account, CancellationToken cancellationToken) =>
        await Marks(account).GetEntityIfExistsAsync<HomeMark>(merchant.Value, HomeMark.Row, cancellationToken);

    private static TableClient Marks(TableServiceClient account) => account.GetTableClient(HomeMark.Table);

    /// <summary>A mark that names the same way is of a move that was broken off: this one goes on with it.</summary>
    private void RefuseUnlessHere(HomeMark? mark)
    {
        if (mark is { IsHere: false } && mark.LivesIn != name)
            throw new AdminException($"商户已迁往 The merchant {merchant} has gone to the account '{mark.LivesIn}' at {mark.At:yyyy-MM-dd HH:mm} UTC: move it from there.");
    }
}
