using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>The agent and its MQTT client through mosquitto with TLS and the protocol's access rules.</summary>
public sealed class Agent_through_a_real_broker
{
    [Fact]
    public async Task A_diner_pays_through_a_real_broker_and_the_machine_learns_the_time()
    {
        using var files = new TestFolder();
        using var end = new CancellationTokenSource();
        await using var broker = new Mosquitto();
        var acknowledged = new TaskCompletionSource<PayResultAck>();
        var cloud = broker.AnswerAsync(message => Answer(message, acknowledged), end.Token);
        await using (var agent = await AgentRig.StartAsync(
            options => new MosquittoClient(broker.Options(options.ClientId, options.Will) with { UserName = options.UserName }), TimeProvider.System, files.Path, null))
        {
            await Eventually.IsTrueAsync(() => agent.Part<Cloud.MachineClock>().Offset != TimeSpan.Zero, "the cloud's time");

            await agent.PressAsync("1", "2", "dot", "5", "pay");
            await agent.ViewAsync("paid");

            var ack = await acknowledged.Task.WaitAsync(TimeSpan.FromSeconds(20));
            (ack.Outcome, ack.Spoken).ShouldBe((PayOutcome.Paid, true));
            agent.Part<Cloud.MachineClock>().Offset.ShouldBeInRange(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(5), TimeSpan.FromHours(2) + TimeSpan.FromSeconds(5));
        }

        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cloud);
    }

    /// <summary>A cloud whose clock is two hours ahead, and whose diners pay at once.</summary>
    private static DeviceMessage? Answer(DeviceMessage message, TaskCompletionSource<PayResultAck> acknowledged)
    {
        switch (message)
        {
            case DeviceStatus status:
                return new StatusAck { InReplyTo = status.Id, Now = status.Clock + TimeSpan.FromHours(2) };
            case PayRequest request:
                return TillRig.ResultOf(request.OrderId, request.Amount, PayOutcome.Paid);
            case PayResultAck ack:
                acknowledged.TrySetResult(ack);
                return null;
            default:
                return null;
        }
    }
}
