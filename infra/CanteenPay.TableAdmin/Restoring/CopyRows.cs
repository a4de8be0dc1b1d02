using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Copies;

namespace CanteenPay.TableAdmin.Restoring;

/// <summary>The rows of a table as a copy has them, a part in memory at a time. What is not as it was written is refused by the name of its blob.</summary>
internal sealed class CopyRows
{
    private readonly ICopyFiles _files;
    private readonly IReadOnlyList<(string Name, CopyPart Part)> _parts;
    private readonly RowRange _range;

    private CopyRows(ICopyFiles files, IReadOnlyList<(string Name, CopyPart Part)> parts, RowRange range, DateTimeOffset began)
    {
        (_files, _parts, _range, Began) = (files, parts, range, began);
    }

    /// <summary>When the copy was begun: what was written later is not in it.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>How many rows the parts have that are read, those around a range among them.</summary>
    public long Rows => _parts.Sum(part => part.Part.Rows);

    /// <summary>Finds the parts.</summary>
    /// <exception cref="AdminException">There is no such copy, it does not hold the table, or it is not whole.</exception>
    public static async Task<CopyRows> OpenAsync(ICopyFiles files, RestoreOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var copy = await new CopyCatalog(files).FindAsync(options.Copy, cancellationToken)
                ?? throw new AdminException($"没有副本 {options.Copy} / There is no copy {options.Copy}: infra/tables.sh list.");
            var table = copy.Plan.Tables.SingleOrDefault(table => table.Account == options.Account && table.Table == options.Table)
                ?? throw new AdminException($"副本里没有账户 {options.Account} 的表 {options.Table} / The copy holds no table {options.Table} of account {options.Account}. It holds: {string.Join(", ", copy.Plan.Tables.Select(table => $"{table.Account}/{table.Table}"))}.");
            if (!copy.IsComplete && !options.MayBeIncomplete)
                throw new AdminException($"副本不完整 / The copy {options.Copy} is not complete. Missing: {string.Join(", ", copy.Missing.Select(place => $"{place.Account}/{place.Table}/{place.Slice:D2}"))}. --incomplete takes what is there.");
            var there = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
            await foreach (var (name, metadata) in files.ListAsync($"{options.Copy}/{options.Account}/{options.Table}/", cancellationToken))
                there[name] = metadata;
            var parts = table.Places(options.Copy)
                .Where(place => Overlaps(options.Range, CopiedTables.Range(place.Slice, table.Slices)))
                .SelectMany(place => Needed(options.Range, PartsOf(place, copy, there)));
            return new(files, [.. parts], options.Range, copy.Plan.Began);
        }
        catch (FormatException e)
        {
            throw new AdminException($"副本损坏 / The copy is damaged: {e.Message}");
        }
    }

    /// <summary>Reads all once, so that nothing is written when something is damaged.</summary>
    /// <exception cref="AdminException">A part is gone or damaged.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in ReadAsync(cancellationToken))
        {
            // Reading is the check.
        }
    }

    /// <summary>The rows of the range, in the order of their keys.</summary>
    /// <exception cref="AdminException">A part is gone or damaged; what came before is good.</exception>
    public async IAsyncEnumerable<TableEntity> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (name, part) in _parts)
        {
            var packed = await _files.ReadAsync(name, cancellationToken) ?? throw Missing(name);
            if (Convert.ToHexStringLower(SHA256.HashData(packed.ToMemory().Span)) != part.Sha256)
                throw new AdminException($"副本的一部分已损坏 / A part of the copy is damaged, its SHA-256 is not {part.Sha256}: {name}");
            using var lines = new StreamReader(new GZipStream(packed.ToStream(), CompressionMode.Decompress), Encoding.UTF8);
            var rows = 0L;
            for (; Line(name, rows, lines) is { } row; rows++)
            {
                if (_range.Has(row))
                    yield return row;
            }

            if (rows != part.Rows)
                throw new AdminException($"副本的一部分行数不对 / A part of the copy has {rows} rows instead of {part.Rows}: {name}");
        }
    }

    private static TableEntity? Line(string name, long number, StreamReader lines)
    {
        try
        {
            return lines.ReadLine() is { } line ? RowText.Read(Encoding.UTF8.GetBytes(line)) : null;
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new AdminException($"副本的一部分读不出 / A part of the copy cannot be read, line {number + 1}: {name}: {e.GetType().Name}");
        }
    }

    /// <summary>The parts of a slice, from the first to the last, as far as the copy came.</summary>
    private static List<(string Name, CopyPart Part)> PartsOf(CopyPlace place, CopyState copy, Dictionary<string, IReadOnlyDictionary<string, string>> there)
    {
        var isWhole = copy.Done.TryGetValue(place, out var done);
        var parts = new List<(string Name, CopyPart Part)>();
        for (var number = 0; !isWhole || number < done.Parts; number++)
        {
            var name = place.Part(number);
            if (there.TryGetValue(name, out var metadata))
                parts.Add((name, CopyPart.Read(name, metadata)));
            else if (isWhole)
                throw Missing(name);
            else
                break;
        }

        if (isWhole && (parts.Sum(part => part.Part.Rows) != done.Rows || parts.FindIndex(part => part.Part.Next is null) != parts.Count - 1))
            throw new AdminException($"副本的分片前后不符 / The parts of this slice are not those of which it says that they are all: {place.Done}");
        return parts;
    }

    /// <summary>Those in which rows of a range can be: a part begins behind the last row of the one before.</summary>
    private static IEnumerable<(string Name, CopyPart Part)> Needed(RowRange range, IReadOnlyList<(string Name, CopyPart Part)> parts)
    {
        CopyPosition? before = null;
        foreach (var part in parts)
        {
            var isBehind = before is { } last && range.End is { } end && string.CompareOrdinal(last.Partition, end) >= 0;
            var isBefore = part.Part.Next is { } next && range.First is { } first && string.CompareOrdinal(next.Partition, first) < 0;
            if (!isBehind && !isBefore)
                yield return part;
            before = part.Part.Next;
        }
    }

    private static bool Overlaps(RowRange range, (string? From, string? End) slice) =>
        (range.End is null || slice.From is null || string.CompareOrdinal(slice.From, range.End) < 0)
        && (range.First is null || slice.End is null || string.CompareOrdinal(range.First, slice.End) < 0);

    private static AdminException Missing(string name) => new($"副本缺少一部分 / A part of the copy is missing: {name}");
}
