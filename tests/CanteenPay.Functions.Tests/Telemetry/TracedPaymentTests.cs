using System.Diagnostics;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Telemetry;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Telemetry;

/// <summary>A payment's trace through the function app: from the machine's message over the order's row to what follows minutes later.</summary>
[Collection(ListeningCollection.Name)]
public sealed class TracedPaymentTests
{
    private const string Pressed = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task A_payment_that_the_bank_notifies_is_one_tree_below_the_key_press()
    {
        using var world = new World();
        using var seen = new SeenSpans();
        var request = World.Request() with { Traceparent = Pressed };

        await world.DeviceSaysAsync(request);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        world.Bank.Pay(request.OrderId);
        (await world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();

        var spans = seen.Of(Pressed);
        var processed = spans.Single(span => span.DisplayName == "process pay-request");
        processed.ParentId.ShouldBe(Pressed);
        Below(spans, processed).ShouldBe(["swiftpass create", "send pay-qr", "process payment-polls", "process notification"], ignoreOrder: true);
        Below(spans, spans.Single(span => span.DisplayName == "process payment-polls")).ShouldBe(["swiftpass query"]);
        Below(spans, spans.Single(span => span.DisplayName == "process notification")).ShouldBe(["book payment", "send pay-result"]);
        world.Results.Single().Traceparent.ShouldBe(spans.Single(span => span.DisplayName == "send pay-result").Id);
        world.ServiceBus.Sent(PaymentStepQueue.Queue).ShouldAllBe(message => message.ApplicationProperties[Spans.MessageProperty] == processed.Id);
    }

    [Fact]
    public async Task An_order_that_the_sweep_revives_goes_on_in_its_trace()
    {
        using var world = new World();
        using var seen = new SeenSpans();
        var request = World.Request() with { Traceparent = Pressed };
        await world.DeviceSaysAsync(request);

        await world.StepAsync(new(request.OrderId, PaymentStepKind.Poll, 40));

        seen.Of(Pressed).Count(span => span.DisplayName == "process payment-polls").ShouldBe(1);
    }

    [Fact]
    public async Task A_trace_context_that_is_none_changes_nothing()
    {
        using var world = new World();
        var request = World.Request() with { Traceparent = "00-who-would-believe-that-0000000000000000000000000000" };

        await world.DeviceSaysAsync(request);

        (await world.OrderAsync(request.OrderId)).Traceparent.ShouldBeNull();
        world.Told().OfType<PayQr>().Single().Traceparent.ShouldBeNull();
    }

    [Fact]
    public async Task While_nobody_exports_here_the_machine_s_trace_is_handed_on_and_nothing_is_added()
    {
        using var world = new World();
        var request = World.Request() with { Traceparent = Pressed };

        await world.DeviceSaysAsync(request);

        (await world.OrderAsync(request.OrderId)).Traceparent.ShouldBe(Pressed);
        world.Told().OfType<PayQr>().Single().Traceparent.ShouldBe(Pressed);
    }

    [Fact]
    public async Task Without_a_trace_no_message_bears_one()
    {
        using var world = new World();
        var request = World.Request();

        await world.DeviceSaysAsync(request);

        world.Told().ShouldAllBe(message => message.Traceparent == null);
        world.ServiceBus.Sent(PaymentStepQueue.Queue).ShouldAllBe(message => message.ApplicationProperties.Count == 0);
    }

    private static string[] Below(IReadOnlyList<Activity> spans, Activity parent) =>
        [.. spans.Where(span => span.ParentId == parent.Id).OrderBy(span => span.StartTimeUtc).Select(span => span.DisplayName)];
}
