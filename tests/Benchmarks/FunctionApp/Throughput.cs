using System.Diagnostics;
using System.Globalization;
using CanteenPay.Benchmarks.Processes;

namespace CanteenPay.Benchmarks.FunctionApp;

/// <summary>How many requests of one kind a process answers.</summary>
internal sealed class Throughput(string what, MeasuredProcess process, byte[] request)
{
    private readonly List<double> _perSecond = [];
    private readonly List<double> _processor = [];

    /// <summary>Median of the rounds.</summary>
    public double PerSecond => Medians.Of(_perSecond);

    /// <summary>One round: every connection sends its share, one request after the other.</summary>
    public async Task MeasureAsync(int connections, int requests, bool counts)
    {
        var share = requests / connections;
        var (started, processor) = (Stopwatch.GetTimestamp(), process.ProcessorTime);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await RawConnection.OpenAsync(process.Address);
            for (var sent = 0; sent < share; sent++)
                await connection.AskAsync(request);
        })));
        if (!counts)
            return;
        _perSecond.Add(share * connections / Stopwatch.GetElapsedTime(started).TotalSeconds);
        _processor.Add((process.ProcessorTime - processor).TotalMicroseconds / (share * connections));
    }

    public string Row(double floor) => string.Create(
        CultureInfo.InvariantCulture, $"| {what} | {PerSecond:F0} | {PerSecond / floor:P0} | {Medians.Of(_processor):F0} |");
}
