using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CanteenPay.Functions.Telemetry;

/// <summary>The numbers that tell whether diners wait, as far as the cloud sees it. They cost nothing while nobody exports them.</summary>
internal static class PaymentMeters
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CanteenPay.Functions";

    private const string AgeTag = "canteenpay.order.age";
    private const string CodeTag = "canteenpay.refusal.code";
    private const string ChannelTag = "canteenpay.channel";
    private const string OperationTag = "canteenpay.channel.operation";
    private const string ErrorTag = "error.type";

    private static readonly (string Name, TimeSpan Below)[] AgeClasses =
        [("0-3m", TimeSpan.FromMinutes(3)), ("3m-6m", TimeSpan.FromMinutes(6)), ("6m-1h", TimeSpan.FromHours(1)), ("1h-1d", TimeSpan.FromDays(1)), ("1d-", TimeSpan.MaxValue)];

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Polls = Meter.CreateCounter<long>("canteenpay.order.polls", "{poll}", "Steps of open orders and refunds that were taken");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("canteenpay.order.refusals", "{order}", "Orders that were refused before they were stored");
    private static readonly Counter<long> ChannelErrors = Meter.CreateCounter<long>("canteenpay.channel.errors", "{error}", "Calls of a channel without a definite answer");

    private static readonly TimeSpan CountHolds = TimeSpan.FromMinutes(3);
    private static volatile Counted? counted;

    static PaymentMeters() => Meter.CreateObservableGauge(
        "canteenpay.order.open", Open, "{order}", "Orders without an end at the last sweep, by age; in the second class and beyond, scheduled messages did not do");

    /// <summary>A sweep counted the orders without an end.</summary>
    /// <param name="ages">How old each is that it found.</param>
    public static void Found(IEnumerable<TimeSpan> ages)
    {
        var counts = AgeClasses.ToDictionary(known => known.Name, _ => 0L);
        foreach (var age in ages)
            counts[AgeClasses.First(known => age < known.Below).Name]++;
        counted = new(counts, Stopwatch.GetTimestamp());
    }

    /// <summary>A step was taken.</summary>
    public static void Polled() => Polls.Add(1);

    /// <summary>An order was refused.</summary>
    public static void Refused(string code) => Refusals.Add(1, new KeyValuePair<string, object?>(CodeTag, code));

    /// <summary>A channel gave no definite answer.</summary>
    public static void ChannelFailed(string channel, string operation, string kind) =>
        ChannelErrors.Add(1, new(ChannelTag, channel), new(OperationTag, operation), new(ErrorTag, kind));

    /// <summary>Another process may sweep by now: what this one counted long ago is not said again.</summary>
    private static IEnumerable<Measurement<long>> Open() => counted is { } last && Stopwatch.GetElapsedTime(last.At) < CountHolds
        ? last.ByAge.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>(AgeTag, pair.Key)))
        : [];

    private sealed record Counted(IReadOnlyDictionary<string, long> ByAge, long At);
}
