using System.Diagnostics.Metrics;
using CanteenPay.DeviceAgent.Cards;

namespace CanteenPay.DeviceAgent.Telemetry;

/// <summary>The numbers that tell whether diners wait, as they see it. They cost nothing while nobody exports them.</summary>
internal static class AgentMeters
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CanteenPay.DeviceAgent";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> Qr = Seconds("canteenpay.order.qr.duration", "From the press of the key to the QR on the screen", [0.1, 0.25, 0.5, 1, 2, 4, 8]);

    private static readonly Histogram<double> Voice = Seconds(
        "canteenpay.order.voice.duration", "From the payment, by the channel's word, to the machine's first word about it", [0.5, 1, 2, 3, 5, 10, 20, 48]);

    /// <summary>A QR came on the screen.</summary>
    public static void QrShown(TimeSpan sincePressed) => Qr.Record(Math.Max(0, sincePressed.TotalSeconds));

    /// <summary>The machine begins to speak of a payment.</summary>
    public static void Spoken(TimeSpan sincePaid) => Voice.Record(Math.Max(0, sincePaid.TotalSeconds));

    /// <summary>Tells, whenever metrics are sent, how many entries of taps the cloud has not booked; until it is disposed of.</summary>
    public static Meter TellUnsent(CardTables cards)
    {
        var meter = new Meter(MeterName);
        meter.CreateObservableGauge(
            "canteenpay.card.entries.unsent", () => cards.Database.Consistently(() => CardReport.CountUnsent(cards)), "{entry}", "Entries of taps that the cloud has not booked");
        return meter;
    }

    private static Histogram<double> Seconds(string name, string what, double[] bounds) =>
        Meter.CreateHistogram(name, "s", what, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
