using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Tests.Host;

namespace CanteenPay.LocalCloud.Tests.Faults;

/// <summary>Deliveries that fail on purpose, and a host whose handler is killed again and again.</summary>
public sealed class Delivery_and_replacement
{
    [Fact]
    public async Task A_completed_message_is_delivered_once_more()
    {
        var deliveries = new Hop(HopKind.QueueDelivery);
        deliveries.Set(new() { Double = 1 });
        var handler = new InProcessHandler(InProcessHandler.SucceedAsync);
        await using var rig = await HostRig.StartAsync(new TestApp().WithQueue("Work", "jobs"), handler, deliveries: deliveries);

        await rig.SendAsync("jobs", "x");

        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
        handler.Calls.ShouldBe(["POST /Work", "POST /Work"]);
        deliveries.Read().Counts["double"].ShouldBe(1);
    }

    [Fact]
    public async Task A_delayed_delivery_is_in_flight_until_the_faults_end()
    {
        var deliveries = new Hop(HopKind.QueueDelivery);
        deliveries.Set(new() { Delay = new(1, 60_000) });
        var handler = new InProcessHandler(InProcessHandler.SucceedAsync);
        await using var rig = await HostRig.StartAsync(new TestApp().WithQueue("Work", "jobs"), handler, deliveries: deliveries);
        await rig.SendAsync("jobs", "x");
        await Eventually.HoldsAsync(() => deliveries.Read().Counts["delay"] == 1);
        (rig.Queue("jobs").InFlight, handler.Calls.Count).ShouldBe((1, 0));

        deliveries.Set(HopSettings.Calm);

        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
    }

    [Fact]
    public async Task A_handler_that_dies_at_each_delivery_burns_all_ten_while_hosts_replace_each_other_and_the_last_one_serves()
    {
        InProcessHandler handler = null!;
        handler = new InProcessHandler(context =>
        {
            if (context.Request.Path == "/Park")
                return InProcessHandler.SucceedAsync(context);
            handler.Current!.Exit(137);
            context.Abort();
            return Task.CompletedTask;
        });
        await using var rig = await HostRig.StartAsync(
            new TestApp().WithQueue("Work", "jobs").WithQueue("Park", "parked"), handler, o => o with { ReplacementTime = TimeSpan.FromMilliseconds(20) });

        await rig.SendAsync("jobs", "x");

        await Eventually.HoldsAsync(() => rig.Queue("parked").Counts.Completed == 1);
        handler.Calls.Count(c => c == "POST /Work").ShouldBe(10);
        // Ten deaths: three hosts of three errors each, and one error of the fourth host.
        rig.Host.Status().Handlers.Single().ShouldSatisfyAllConditions(
            h => h.State.ShouldBe(HandlerState.Ready), h => h.Starts.ShouldBe(11), h => h.Errors.ShouldBe(1));
    }

    [Fact]
    public async Task A_handler_that_never_served_is_not_replaced()
    {
        await using var rig = await HostRig.StartAsync(TestApp.OfScript("exit 3\n"), handler: null, o => o with { ReplacementTime = TimeSpan.Zero });

        await Should.ThrowAsync<FunctionsHostException>(rig.Host.WhenReadyAsync(default));

        rig.Host.Status().Handlers.Single().ShouldSatisfyAllConditions(h => h.State.ShouldBe(HandlerState.HostStopped), h => h.Starts.ShouldBe(3));
    }
}
