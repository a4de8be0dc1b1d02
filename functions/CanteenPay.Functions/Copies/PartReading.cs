using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Functions.Copies;

/// <summary>How much a part may be, so that a message is done far within the function's time-out of five minutes, and sixteen beside each other fit into memory.</summary>
/// <param name="Rows">Most rows, at least 1.</param>
/// <param name="Bytes">When so many bytes of lines are there, before they are packed, it is enough; one row more may come to 3 MiB.</param>
/// <param name="Time">When so much time has gone by, it is enough.</param>
internal sealed record CopyLimits(int Rows, long Bytes, TimeSpan Time)
{
    /// <summary>In production.</summary>
    public static CopyLimits Usual { get; } = new(20_000, 32 * 1024 * 1024, TimeSpan.FromSeconds(60));
}

/// <summary>Reads a part out of a table.</summary>
internal sealed class PartReading(CopyLimits limits, TimeProvider clock)
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <summary>The next part of a slice: packed lines, each one a row as <see cref="RowText"/> writes it, in order of their keys.</summary>
    /// <param name="table">The table.</param>
    /// <param name="range">The slice's partitions, see <see cref="CopiedTables.Range"/>.</param>
    /// <param name="after">The last row of the part before; null from the beginning.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(BinaryData Content, CopyPart Part)> ReadAsync(
        TableClient table, (string? From, string? End) range, CopyPosition? after, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        using var packed = new MemoryStream();
        var (rows, bytes, last, isEnd) = (0, 0L, (CopyPosition?)null, true);
        await using (var lines = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await foreach (var row in RowsAsync(table, range, after, cancellationToken))
            {
                if (last is not null && (rows == limits.Rows || bytes >= limits.Bytes || clock.GetElapsedTime(began) >= limits.Time))
                {
                    isEnd = false;
                    break;
                }

                var line = RowText.Write(row);
                lines.Write(line);
                lines.Write(LineEnd);
                (rows, bytes, last) = (rows + 1, bytes + line.Length + 1, new(row.PartitionKey, row.RowKey));
            }
        }

        var content = packed.ToArray();
        return (BinaryData.FromBytes(content), new(rows, Convert.ToHexStringLower(SHA256.HashData(content)), isEnd ? null : last));
    }

    /// <summary>Two queries instead of one with <c>or</c>, for which the service would look through the whole table.</summary>
    private static async IAsyncEnumerable<TableEntity> RowsAsync(
        TableClient table, (string? From, string? End) range, CopyPosition? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (after is { } position)
        {
            var rest = TableClient.CreateQueryFilter($"PartitionKey eq {position.Partition} and RowKey gt {position.Row}");
            await foreach (var row in table.QueryAsync<TableEntity>(rest, cancellationToken: cancellationToken))
                yield return row;
        }

        var filter = (after, range.From, range.End) switch
        {
            ({ } last, _, null) => TableClient.CreateQueryFilter($"PartitionKey gt {last.Partition}"),
            ({ } last, _, { } end) => TableClient.CreateQueryFilter($"PartitionKey gt {last.Partition} and PartitionKey lt {end}"),
            (null, null, null) => null,
            (null, { } from, null) => TableClient.CreateQueryFilter($"PartitionKey ge {from}"),
            (null, null, { } end) => TableClient.CreateQueryFilter($"PartitionKey lt {end}"),
            (null, { } from, { } end) => TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {end}"),
        };
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return row;
    }
}
