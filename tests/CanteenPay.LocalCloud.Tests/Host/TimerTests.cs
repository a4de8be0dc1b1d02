using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Tests.ServiceBus;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.LocalCloud.Tests.Host;

public sealed class TimerTests
{
    private readonly ConcurrentQueue<JsonElement> _runs = [];

    [Fact]
    public async Task A_timer_runs_at_its_schedule_on_scaled_time_again_and_again()
    {
        await using var rig = await StartAsync("0 * * * * *", o => o with { TimeScale = 0.01 });
        await Eventually.HoldsAsync(() => _runs.Count >= 3);
        _runs.ShouldAllBe(r => !r.GetProperty("IsPastDue").GetBoolean());
        rig.Function("Tick").NextRun.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_timer_is_fired_by_hand_through_the_control_address()
    {
        await using var rig = await StartAsync("0 30 17 1 1 *");
        rig.Function("Tick").NextRun!.Value.ToString("MM-dd HH:mm:ss").ShouldBe("01-01 17:30:00");
        using var control = rig.Control();

        (await control.PostAsync("timers/tick/fire", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        _runs.Count.ShouldBe(1);
        (await control.PostAsync("timers/nothing/fire", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_failed_run_is_told_to_who_fired_it_and_is_not_repeated()
    {
        await using var rig = await StartAsync("0 30 17 1 1 *", answer: static context => InProcessHandler.AnswerAsync(context, 500, null, ""));
        (await rig.Host.FireTimerAsync("Tick", default)).ShouldBe("The handler answered 500.");
        (rig.Function("Tick").Invocations, rig.Function("Tick").Failures).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_timer_never_runs_twice_at_once()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (running, most) = (0, 0);
        await using var rig = await StartAsync("0 30 17 1 1 *", answer: async context =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await gate.Task;
            Interlocked.Decrement(ref running);
            await InProcessHandler.SucceedAsync(context);
        });
        var first = rig.Host.FireTimerAsync("Tick", default);
        var second = rig.Host.FireTimerAsync("Tick", default);
        await Eventually.HoldsAsync(() => Volatile.Read(ref running) == 1);
        second.IsCompleted.ShouldBeFalse();
        gate.SetResult();

        (await first, await second).ShouldBe((null, null));
        (most, rig.Function("Tick").Invocations).ShouldBe((1, 2));
    }

    [Fact]
    public async Task A_run_that_was_missed_while_nothing_ran_is_made_up_at_start_and_says_so()
    {
        using var state = new TempFolder();
        Directory.CreateDirectory(state.File("timers"));
        await File.WriteAllTextAsync(state.File("timers/Tick.json"),
            """{"Last":"2026-01-01T17:30:00+00:00","Next":"2026-01-02T17:30:00+00:00","LastUpdated":"2026-01-01T17:30:00+00:00"}""");
        await using (await StartAsync("0 30 17 * * *", o => o with { StateFolder = state.Path }))
        {
            await Eventually.HoldsAsync(() => _runs.Count == 1);
            var run = _runs.Single();
            run.GetProperty("IsPastDue").GetBoolean().ShouldBeTrue();
            run.GetProperty("ScheduleStatus").GetProperty("Next").GetString().ShouldBe("2026-01-02T17:30:00+00:00");
            await Eventually.HoldsAsync(() => !File.ReadAllText(state.File("timers/Tick.json")).Contains("2026-01-02", StringComparison.Ordinal));
        }

        await using var again = await StartAsync("0 30 17 * * *", o => o with { StateFolder = state.Path });
        (await again.Host.FireTimerAsync("Tick", default)).ShouldBeNull();
        _runs.Count.ShouldBe(2);
        _runs.Last().GetProperty("IsPastDue").GetBoolean().ShouldBeFalse();
    }

    private Task<HostRig> StartAsync(string schedule, Func<FunctionsHostOptions, FunctionsHostOptions>? change = null, Func<HttpContext, Task>? answer = null) =>
        HostRig.StartAsync(new TestApp().WithTimer("Tick", schedule), new InProcessHandler(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _runs.Enqueue(JsonElement.Parse(await reader.ReadToEndAsync()).GetProperty("Data").GetProperty("timer"));
            await (answer ?? InProcessHandler.SucceedAsync)(context);
        }), change);
}
