using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using static CanteenPay.DeviceAgent.Tests.Rig.Waits;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>What the agent says of itself, and what it learns from the answer.</summary>
public sealed class Agent_status
{
    private readonly FakeBroker broker = new() { AnswersStatus = false };
    private readonly ManualTime time = new(TillRig.Noon);

    private void AnswerStatus(int hoursAhead = 1) =>
        broker.Deliver(new StatusAck { InReplyTo = broker.Published.OfType<DeviceStatus>().Last().Id, Now = TillRig.Noon.AddHours(hoursAhead) });

    [Fact]
    public async Task The_cloud_s_time_is_learnt_from_the_answer_to_the_last_status_and_used_for_orders()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await Published<DeviceStatus>(broker, 1);
        var status = broker.Published.OfType<DeviceStatus>().First();
        var clock = agent.Part<Cloud.MachineClock>();
        broker.Deliver(new StatusAck { InReplyTo = "another", Now = TillRig.Noon.AddDays(9) });
        broker.Deliver(new StatusAck { InReplyTo = status.Id, Now = TillRig.Noon.AddHours(20) });
        await Eventually.IsTrueAsync(() => clock.Offset != TimeSpan.Zero, "the offset");

        await agent.PressAsync("8", "pay");

        clock.Offset.ShouldBe(TimeSpan.FromHours(20));
        (await agent.OrderAsync(_ => true)).Id.Day.ShouldBe(new DateOnly(2026, 11, 23));
    }

    [Fact]
    public void An_answer_that_took_5_seconds_or_longer_is_believed_only_while_none_was_quicker()
    {
        var clock = new Cloud.MachineClock(time);
        var asked = clock.Steady;

        clock.Learn(asked.AddHours(1), asked, asked.AddSeconds(10)).ShouldBeFalse("it wants a quicker one");
        clock.Offset.ShouldBe(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(5), "better than a clock that is an hour off");
        clock.Learn(asked.AddHours(2), asked, asked.AddSeconds(11)).ShouldBeFalse();
        clock.Offset.ShouldBe(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(5));
        clock.Learn(asked.AddHours(1), asked, asked.AddSeconds(4)).ShouldBeTrue();
        clock.Offset.ShouldBe(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(2));
        clock.Learn(asked.AddHours(3), asked, asked.AddSeconds(5)).ShouldBeFalse();
        clock.Offset.ShouldBe(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_system_clock_that_is_set_moves_no_deadline()
    {
        var clock = new Cloud.MachineClock(time);
        var before = clock.Steady;

        time.WallClockJump = TimeSpan.FromDays(-300);
        time.Pass(TimeSpan.FromSeconds(1));

        (clock.Steady - before).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_status_is_sent_again_until_it_is_answered_and_then_each_5_minutes()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        var clock = agent.Part<Cloud.MachineClock>();
        int Statuses() => broker.Published.OfType<DeviceStatus>().Count();
        await Published<DeviceStatus>(broker, 1);
        await time.PassUntil(() => Statuses() >= 2, TimeSpan.FromSeconds(1), "the status again");

        for (var answered = 0; answered < 3; answered++)
        {
            var (before, sentAt, offset) = (Statuses(), clock.Steady, clock.Offset);
            AnswerStatus(answered + 1);
            await Eventually.IsTrueAsync(() => clock.Offset != offset, "the answer");
            await time.PassUntil(() => Statuses() > before, TimeSpan.FromSeconds(1), "the next status");
            (clock.Steady - sentAt).ShouldBeGreaterThan(TimeSpan.FromMinutes(4), "an answered status is not sent again before its time");
        }
    }

    [Fact]
    public async Task Another_error_is_told_at_once_and_with_the_age_of_what_waits()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await Published<DeviceStatus>(broker, 1);
        AnswerStatus();
        await agent.PressAsync("8", "pay");
        await agent.OrderAsync(_ => true);

        await time.PassUntil(() => agent.Part<Cloud.MachineClock>().Steady > TillRig.Noon.AddSeconds(30), TimeSpan.FromSeconds(1), "half a minute");
        agent.Part<Cloud.Health>().Report("paper is out");

        await Published<DeviceStatus>(broker, 1, status => status is { LastError: "paper is out", OldestUnsentAgeS: >= 30 });
    }
}
