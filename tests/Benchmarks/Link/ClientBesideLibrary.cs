using System.Globalization;
using CanteenPay.Mqtt.Tests.Broker;

namespace CanteenPay.Benchmarks.Link;

/// <summary>What the link's code adds to the library and the broker: a message published and received, QoS 1 both ways, over TLS, in alternating rounds.</summary>
internal static class ClientBesideLibrary
{
    private const string FloorTopic = "open/floor";
    private const string OurTopic = "open/ours";
    private const int Rounds = 4;
    private const int FloodFactor = 5;

    /// <summary>Less than the broker holds back for a reader that lags.</summary>
    private const int Window = 100;

    /// <summary>About a result with its words.</summary>
    private const int PayloadBytes = 300;

    public static async Task RunAsync(int messages)
    {
        await using var broker = new TestBroker(keepsSessions: false);
        await broker.InitializeAsync();
        using var floor = new BareLibrary(broker.Options("floor"), FloorTopic);
        await using var client = await ClientUnderTest.ConnectAsync(broker.Options("ours"), OurTopic);
        var payload = new byte[PayloadBytes];
        var (floorTimes, ourTimes) = (new Percentiles("floor: libmosquitto, one thread"), new Percentiles("CanteenPay.Mqtt"));
        List<double> floorRates = [], ourRates = [];
        // The first round is for the just-in-time compiler.
        for (var round = 0; round <= Rounds; round++)
        {
            var counts = round > 0;
            for (var message = 0; message < messages; message++)
            {
                if (floor.Echo(FloorTopic, payload) is var time && counts)
                    floorTimes.Add(time);
            }

            for (var message = 0; message < messages; message++)
            {
                if (await client.EchoAsync(OurTopic, payload) is var time && counts)
                    ourTimes.Add(time);
            }

            var floorRate = floor.Flood(FloorTopic, payload, messages * FloodFactor, Window);
            var ourRate = await client.FloodAsync(OurTopic, payload, messages * FloodFactor, Window);
            if (counts)
            {
                floorRates.Add(floorRate);
                ourRates.Add(ourRate);
            }

            Console.Error.Write($"\r{round}/{Rounds}");
        }

        Console.Error.WriteLine();
        PrintTimes(floorTimes, ourTimes);
        PrintRates(Medians.Of(floorRates), Medians.Of(ourRates));
    }

    private static void PrintTimes(Percentiles floor, Percentiles ours)
    {
        var microsecond = TimeSpan.FromMicroseconds(1);
        Console.WriteLine($"| publish → receive, {PayloadBytes} bytes, µs | n | p50 | p90 | p99 | max |\n| --- | --- | --- | --- | --- | --- |");
        Console.WriteLine(floor.Row(microsecond));
        Console.WriteLine(ours.Row(microsecond));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| what the client adds | | {Added(0.50):F0} | {Added(0.90):F0} | {Added(0.99):F0} | |"));

        double Added(double share) => (ours.At(share) - floor.At(share)) / microsecond;
    }

    private static void PrintRates(double floor, double ours)
    {
        Console.WriteLine($"\n| messages there and back, {Window} under way | a second, median of {Rounds} | of the floor |\n| --- | --- | --- |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| floor: libmosquitto, one thread | {floor:F0} | 100 % |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| CanteenPay.Mqtt | {ours:F0} | {ours / floor:P0} |"));
    }
}
