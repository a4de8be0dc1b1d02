using System.Diagnostics.Metrics;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Telemetry;

namespace CanteenPay.Functions.Tests.Telemetry;

/// <summary>Are diners waiting? Open orders by age, as the sweep counts them.</summary>
[Collection(nameof(CountingCollection))]
public sealed class OpenOrdersByAgeTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Every_open_order_counts_in_its_age_the_youngest_too_and_for_one_read_of_each_partition()
    {
        foreach (var age in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(100), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(7), TimeSpan.FromHours(2), TimeSpan.FromDays(3)])
            await _world.Tables.GetTableClient("OpenOrders").AddEntityAsync(OpenOrderRow.For(World.Request().OrderId, World.Noon - age));
        var reads = 0;
        _world.Tables.BeforeOperation = operation =>
        {
            if (operation.StartsWith("OpenOrders.Query", StringComparison.Ordinal))
                Interlocked.Increment(ref reads);
            return Task.CompletedTask;
        };

        await _world.SweepAsync();

        Counted().ShouldBe(new Dictionary<string, long> { ["0-3m"] = 2, ["3m-6m"] = 1, ["6m-1h"] = 1, ["1h-1d"] = 1, ["1d-"] = 1 });
        reads.ShouldBe(OpenOrderRow.AllPartitions.Count());
    }

    private static Dictionary<string, long> Counted()
    {
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == PaymentMeters.MeterName && instrument.Name == "canteenpay.order.open")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add((string)tags[0].Value!, value));
        listener.Start();
        listener.RecordObservableInstruments();
        return counted;
    }
}

/// <summary>What the last sweep counted is its process's: no other test may sweep meanwhile.</summary>
[CollectionDefinition(nameof(CountingCollection), DisableParallelization = true)]
public sealed class CountingCollection;
