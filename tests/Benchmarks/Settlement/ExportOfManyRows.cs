using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Exports.Sheets;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Tests.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks.Settlement;

/// <summary>A merchant's day of many orders as CSV and as a workbook: the memory must be that of a tenth of it. Then LibreOffice, where it is, reads the workbook: the sums must be ours.</summary>
internal static class ExportOfManyRows
{
    private const int PaidColumn = 8, FeeColumn = 11, NetColumn = 13;
    private const int WarmUp = 2_000, Tenth = 10, MemoryLooks = 10;

    /// <summary>More than noise, less than anything that grows with the rows.</summary>
    private const long MostGrowth = 2 * 1024 * 1024;

    private static readonly TimeSpan LongestConversion = TimeSpan.FromMinutes(5);

    /// <exception cref="InvalidOperationException">Memory grew with the rows, or a sum is not ours.</exception>
    public static async Task RunAsync(int rows)
    {
        Console.WriteLine("| export of a merchant's day | rows | MB | rows/s | live managed memory at most, KB |\n| --- | --- | --- | --- | --- |");
        var folder = Directory.CreateTempSubdirectory("canteenpay-export-");
        try
        {
            foreach (var format in (FileFormat[])[FileFormat.Csv, FileFormat.Xlsx])
            {
                await WriteAsync(format, WarmUp, folder.FullName, isMeasured: false);
                var (small, _) = await WriteAsync(format, rows / Tenth, folder.FullName);
                var (large, sums) = await WriteAsync(format, rows, folder.FullName);
                if (large - small > MostGrowth)
                    throw new InvalidOperationException($"{format}: {rows} rows took {large} bytes, {rows / Tenth} took {small}.");
                if (format == FileFormat.Xlsx)
                    await ReadByLibreOfficeAsync(folder.FullName, rows, sums);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(long Memory, SheetSums Sums)> WriteAsync(FileFormat format, int rows, string folder, bool isMeasured = true)
    {
        var (before, most) = (GC.GetTotalMemory(forceFullCollection: true), new StrongBox<long>());
        var began = Stopwatch.GetTimestamp();
        await using var file = File.Create(Path.Combine(folder, $"export-{rows}.{format.Extension()}"));
        var sheet = OrdersSheet.Make(Postings(rows, most));
        var sums = format == FileFormat.Csv
            ? await CsvSheet.WriteAsync(sheet, file, CancellationToken.None)
            : await XlsxSheet.WriteAsync(sheet, file, CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(began);
        if (isMeasured)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {format} | {rows} | {file.Length / 1_048_576.0:F1} | {rows / took.TotalSeconds:F0} | {(most.Value - before) / 1024} |"));
        }

        return (most.Value - before, sums);
    }

    private static async IAsyncEnumerable<Posting> Postings(int rows, StrongBox<long> most)
    {
        await Task.CompletedTask;
        for (var number = 0; number < rows; number++)
        {
            if (number % Math.Max(1, rows / MemoryLooks) == rows / MemoryLooks / 2)
                most.Value = Math.Max(most.Value, GC.GetTotalMemory(forceFullCollection: true));
            yield return RandomDay.Payment(number, 100 + number % 5_000, 38, 18);
        }
    }

    private static async Task ReadByLibreOfficeAsync(string folder, int rows, SheetSums sums)
    {
        Console.WriteLine();
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(path => Path.Combine(path, "soffice")).FirstOrDefault(File.Exists);
        if (program is null)
        {
            Console.WriteLine("LibreOffice is not on this machine (package libreoffice-calc-nogui): whether it reads the same sums was not looked at.\n");
            return;
        }

        var name = $"export-{rows}";
        File.Delete(Path.Combine(folder, $"{name}.csv"));
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[$"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "csv", $"{name}.xlsx"])
            start.ArgumentList.Add(argument);
        using var office = Process.Start(start)!;
        using var limit = new CancellationTokenSource(LongestConversion);
        try
        {
            await Task.WhenAll(
                office.StandardOutput.ReadToEndAsync(limit.Token), office.StandardError.ReadToEndAsync(limit.Token), office.WaitForExitAsync(limit.Token));
        }
        finally
        {
            if (!office.HasExited)
                office.Kill(entireProcessTree: true);
        }

        Compare(await File.ReadAllLinesAsync(Path.Combine(folder, $"{name}.csv")), rows, sums);
    }

    /// <summary>No cell of these rows holds a comma but amounts, which it quotes and groups as it shows them.</summary>
    private static void Compare(string[] lines, int rows, SheetSums sums)
    {
        if (lines.Length != rows + 2)
            throw new InvalidOperationException($"LibreOffice reads {lines.Length} lines instead of {rows + 2}.");
        var totals = Fields(lines[^1]);
        var paid = lines.Skip(1).Take(rows).Sum(line => Amount(Fields(line)[PaidColumn]));
        foreach (var (column, read) in (IEnumerable<(int, decimal)>)[(PaidColumn, paid), (PaidColumn, Amount(totals[PaidColumn])), (FeeColumn, Amount(totals[FeeColumn])), (NetColumn, Amount(totals[NetColumn]))])
        {
            if (read != sums[column] / 100m)
                throw new InvalidOperationException($"LibreOffice reads {read} in column {column}, where we say {new Fen(sums[column])}.");
        }

        Console.WriteLine($"LibreOffice reads the workbook of {rows} rows: paid, fee and net are ours to the fen.\n");
    }

    private static decimal Amount(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static List<string> Fields(string line)
    {
        using var csv = CsvHelper.CsvReader.FromText(line, new() { HasHeader = false, Separator = ',' });
        return csv.Read() ? [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)] : [];
    }
}
