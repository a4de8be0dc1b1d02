using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CanteenPay.DeviceAgent.Telemetry;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using static CanteenPay.DeviceAgent.Tests.Rig.Waits;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>A payment's trace on the machine, and what is measured of it.</summary>
public sealed class Agent_is_traced : IDisposable
{
    private readonly FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);
    private readonly ConcurrentQueue<Activity> spans = [];
    private ActivityListener? listener;

    public void Dispose() => listener?.Dispose();

    [Fact]
    public async Task A_payment_hangs_below_its_key_press_from_the_request_to_the_voice()
    {
        Listen();
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("8", "pay");
        await Published<PayRequest>(broker, 1);
        var request = broker.Published.OfType<PayRequest>().Single();
        broker.Deliver(new PayQr { OrderId = request.OrderId, Amount = request.Amount, Qr = "https://bank.example/qr", ExpiresInS = 120, Traceparent = request.Traceparent });
        await agent.ViewAsync("qr");
        broker.Deliver(TillRig.ResultOf(request.OrderId, request.Amount, PayOutcome.Paid) with { Traceparent = request.Traceparent });
        await Published<PayResultAck>(broker, 1);
        await time.PassUntil(() => Mine(request).Any(span => span.DisplayName == "speak"), TimeSpan.FromMilliseconds(250), "the end of the voice");

        var mine = Mine(request);
        var root = mine.Single(span => span.ParentId is null);
        root.DisplayName.ShouldBe("press cloud pay");
        Named("send pay-request").ParentId.ShouldBe(root.Id);
        request.Traceparent.ShouldBe(Named("send pay-request").Id);
        (Named("process pay-qr").ParentId, Named("process pay-result").ParentId).ShouldBe((request.Traceparent, request.Traceparent));
        Named("process pay-qr").Events.ShouldHaveSingleItem().Name.ShouldBe("qr shown");
        Named("speak").ParentId.ShouldBe(Named("process pay-result").Id);
        broker.Published.OfType<PayResultAck>().Single().Traceparent.ShouldBe(Named("send pay-result-ack").Id);
        mine.SelectMany(span => span.TagObjects).ShouldAllBe(tag => tag.Key == MessageSpans.OrderTag);

        Activity Named(string name) => mine.Single(span => span.DisplayName == name);
    }

    [Fact]
    public async Task While_nobody_exports_no_message_bears_a_trace()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("8", "pay");
        await Published<PayRequest>(broker, 1);
        var order = await agent.OrderAsync(_ => true);
        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid));
        await Published<PayResultAck>(broker, 1);

        broker.Published.ShouldAllBe(message => message.Traceparent == null);
    }

    [Fact]
    public async Task How_long_diners_wait_for_the_QR_and_for_the_voice_is_measured()
    {
        // Others measure at the same time: these lengths are this test's own.
        var (qr, voice) = (TimeSpan.FromMilliseconds(717), TimeSpan.FromMilliseconds(1917));
        var measured = new ConcurrentQueue<(string Name, double Seconds)>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, meters) => { if (instrument.Meter.Name == AgentMeters.MeterName) meters.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.Enqueue((instrument.Name, value)));
        meters.Start();
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("8", "pay");
        var order = await agent.OrderAsync(_ => true);
        time.Pass(qr);
        broker.Deliver(new PayQr { OrderId = order.Id, Amount = order.Amount, Qr = "https://bank.example/qr", ExpiresInS = 120 });
        await agent.ViewAsync("qr");
        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid) with { AgeMs = (long)voice.TotalMilliseconds });

        await Eventually.GetAsync(() => measured.Contains(("canteenpay.order.qr.duration", qr.TotalSeconds)) ? measured : null, "how long the QR took");
        await Eventually.GetAsync(() => measured.Contains(("canteenpay.order.voice.duration", voice.TotalSeconds)) ? measured : null, "how long the voice took");
    }

    private void Listen()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == AgentSpans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Other tests may be at it at the same time.</summary>
    private List<Activity> Mine(PayRequest request) => [.. spans.Where(span => request.Traceparent!.Contains(span.TraceId.ToHexString(), StringComparison.Ordinal))];
}
