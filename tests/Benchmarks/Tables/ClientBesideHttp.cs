using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Azure.Core.Pipeline;
using CanteenPay.Azure.Tables;
using CanteenPay.Azure.Tests.Tables;

namespace CanteenPay.Benchmarks.Tables;

/// <summary>
/// What our table client takes away from Azurite's speed. Every round is done three times, on three servers with the same content: by the client while its requests
/// are recorded; by the client, measured; by a bare HttpClient that sends the recorded bytes, signed already, and reads no answer. The last two take turns to be first.
/// </summary>
internal static class ClientBesideHttp
{
    private const string Table = "Orders";
    private const int Connections = 8;
    private const int Rounds = 3;

    public static async Task RunAsync(int rows)
    {
        await using var rehearsal = await StartAsync();
        await using var ours = await StartAsync();
        await using var bare = await StartAsync();
        using var recorder = new Recorder();
        using var recording = new HttpClient(recorder);
        using var http = new HttpClient();
        var rehearsed = await TableAsync(rehearsal, new TableClientOptions { Transport = new HttpClientTransport(recording) });
        var client = await TableAsync(ours, options: null);
        await TableAsync(bare, options: null);
        var barePort = new Uri(bare.ConnectionString.Split("TableEndpoint=")[1]).Port;
        // The making of the table.
        recorder.Take();

        var rates = new Dictionary<string, (List<double> Bare, List<double> Ours)>(StringComparer.Ordinal);
        // The first round is for the just-in-time compiler, theirs too.
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, rowsInCall, calls) in Workload.Round(round, rows))
            {
                await PerSecondAsync(calls, call => call(rehearsed));
                var requests = recorder.Take();
                var (bareRate, ourRate) = (0.0, 0.0);
                if (round % 2 == 0)
                    bareRate = await PerSecondAsync(requests, request => request.SendAsync(http, barePort));
                ourRate = await PerSecondAsync(calls, call => call(client));
                if (round % 2 != 0)
                    bareRate = await PerSecondAsync(requests, request => request.SendAsync(http, barePort));
                if (round == 0)
                    rates[name] = ([], []);
                else
                    Keep(rates[name], bareRate * rowsInCall * calls.Length / requests.Count, ourRate * rowsInCall);
                Console.Error.Write($"\r{round}/{Rounds} {name}          ");
            }
        }

        Console.Error.WriteLine();
        Print(rates);
    }

    private static void Keep((List<double> Bare, List<double> Ours) rates, double bare, double ours)
    {
        rates.Bare.Add(bare);
        rates.Ours.Add(ours);
    }

    private static void Print(Dictionary<string, (List<double> Bare, List<double> Ours)> rates)
    {
        Console.WriteLine($"| rows a second, {Connections} connections, median of {Rounds} | floor: HttpClient | our client | of the floor |\n| --- | --- | --- | --- |");
        foreach (var (name, (bare, ours)) in rates)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {Medians.Of(bare):F0} | {Medians.Of(ours):F0} | {Medians.Of(ours) / Medians.Of(bare):P0} |"));
        }
    }

    /// <summary>As many workers as connections, each taking the next piece of work.</summary>
    private static async Task<double> PerSecondAsync<T>(IReadOnlyList<T> work, Func<T, Task> doAsync)
    {
        var left = new ConcurrentQueue<T>(work);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (left.TryDequeue(out var piece))
                await doAsync(piece);
        })));
        return work.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<TableClient> TableAsync(Azurite server, TableClientOptions? options)
    {
        var table = server.Service(options).GetTableClient(Table);
        await table.CreateIfNotExistsAsync();
        return table;
    }

    private static async Task<Azurite> StartAsync()
    {
        var azurite = new Azurite();
        await azurite.InitializeAsync();
        return azurite;
    }
}
