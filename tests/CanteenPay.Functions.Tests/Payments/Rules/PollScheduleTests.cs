using CanteenPay.Functions.Payments.Rules;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Payments.Rules;

public sealed class PollScheduleTests
{
    [Fact]
    public void The_first_polls_come_after_2_2_3_5_5_seconds() =>
        Walk(6).Select(step => step.DueAge.TotalSeconds).ShouldBe([2, 4, 7, 12, 17, 22]);

    [Fact]
    public void A_close_is_asked_at_300_seconds_and_then_5_10_20_40_60_60_seconds_apart() =>
        Walk(60).Select(step => step.DueAge.TotalSeconds).Where(age => age >= 300).Take(8).ShouldBe([300, 305, 315, 335, 375, 435, 495, 555]);

    [Fact]
    public void Two_chains_that_started_apart_meet_at_the_same_steps() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 5_000_000).ToArbitrary(),
        milliseconds =>
        {
            var step = PollSchedule.Next(TimeSpan.FromMilliseconds(milliseconds));
            var later = TimeSpan.FromMilliseconds(milliseconds) + (step.DueAge - TimeSpan.FromMilliseconds(milliseconds)) / 2;
            return step.DueAge > TimeSpan.FromMilliseconds(milliseconds)
                && PollSchedule.Next(later) == step
                && PollSchedule.Next(step.DueAge).Number == step.Number + 1
                && step.DueAge - TimeSpan.FromMilliseconds(milliseconds) <= TimeSpan.FromSeconds(60);
        }));

    [Theory]
    [InlineData(0, 1.0, 1)]
    [InlineData(0, 1.999, 1)]
    [InlineData(0, 4.5, 2)]
    [InlineData(44, 300.5, 45)]
    public void A_step_that_came_early_never_names_itself_as_the_next(int taken, double age, int next) =>
        PollSchedule.Next(TimeSpan.FromSeconds(age), taken).Number.ShouldBe(next);

    [Fact]
    public void An_order_of_any_age_has_a_next_step() => PollSchedule.Next(TimeSpan.FromDays(3650)).DueAge.ShouldBeGreaterThan(TimeSpan.FromDays(3650));

    private static IEnumerable<PollStep> Walk(int steps)
    {
        var step = PollSchedule.Next(TimeSpan.Zero);
        for (var i = 0; i < steps; i++)
        {
            step.Number.ShouldBe(i);
            yield return step;
            step = PollSchedule.Next(step.DueAge);
        }
    }
}
