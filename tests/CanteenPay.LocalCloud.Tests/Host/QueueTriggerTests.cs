using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using CanteenPay.LocalCloud.ServiceBus;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.LocalCloud.Tests.Host;

public sealed class QueueTriggerTests
{
    [Theory]
    [InlineData(500, "application/json", InProcessHandler.Done)]
    [InlineData(404, "application/json", InProcessHandler.Done)]
    [InlineData(200, "application/problem+json", InProcessHandler.Done)]
    [InlineData(200, "text/plain", InProcessHandler.Done)]
    [InlineData(200, null, InProcessHandler.Done)]
    [InlineData(200, "application/json", "{\"Outputs\":")]
    [InlineData(200, "application/json", "[]")]
    [InlineData(200, "application/json", "\"done\"")]
    [InlineData(200, "application/json", "{\"Outputs\":7}")]
    [InlineData(200, "application/json", "{\"Logs\":\"line\"}")]
    [InlineData(200, "text/plain", "null")]
    public async Task Any_answer_but_200_with_a_JSON_object_fails_and_the_message_comes_back_at_once(int status, string? type, string body)
    {
        var handler = new FirstAnswer(context => InProcessHandler.AnswerAsync(context, status, type, body));
        await using var rig = await StartAsync(handler.Handler);
        await rig.SendAsync("jobs", "x");

        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);

        handler.DeliveryCounts.ShouldBe([1, 2]);
        rig.Function("Work").ShouldSatisfyAllConditions(f => f.Failures.ShouldBe(1), f => f.Invocations.ShouldBe(2), f => f.LastError.ShouldNotBeNull());
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", InProcessHandler.Done)]
    [InlineData("APPLICATION/JSON", "{}")]
    [InlineData("application/json", "{\"Outputs\":null,\"Logs\":[\"line\"],\"ReturnValue\":\"x\"}")]
    public async Task A_JSON_object_succeeds(string type, string body)
    {
        var handler = new FirstAnswer(context => InProcessHandler.AnswerAsync(context, 200, type, body));
        await using var rig = await StartAsync(handler.Handler);
        await rig.SendAsync("jobs", "x");
        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
        handler.DeliveryCounts.ShouldBe([1]);
    }

    [Theory]
    [InlineData(204, null, "")]
    [InlineData(200, "application/json", "")]
    [InlineData(200, null, "")]
    [InlineData(200, "application/json", " \n")]
    [InlineData(200, "application/json", "null")]
    public async Task A_204_an_empty_body_and_null_hang_the_invocation_until_its_time_out(int status, string? type, string body)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new FirstAnswer(async context =>
        {
            if (body.Length == 0)
            {
                context.Response.StatusCode = status;
                context.Response.ContentType = type;
            }
            else
            {
                await InProcessHandler.AnswerAsync(context, status, type, body);
            }
            await context.Response.CompleteAsync();
            answered.SetResult();
        });
        // functionTimeout and a minute are 61 s, 1.2 s here; the lock's renewal outlasts it.
        await using var rig = await HostRig.StartAsync(new TestApp(functionTimeout: "00:00:01").WithQueue("Work", "jobs"), handler.Handler, o => o with { TimeScale = 0.02 });
        await rig.SendAsync("jobs", "x");

        await answered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Eventually.HoldsAsync(() => rig.Function("Work").LastError != null);
        var hanging = rig.Function("Work");
        hanging.LastError!.ShouldContain("never completes");
        (hanging.InFlight, hanging.Failures, rig.Queue("jobs").InFlight).ShouldBe((1, 0, 1));

        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
        await Eventually.HoldsAsync(() => rig.Function("Work").Failures == 1);
        rig.Function("Work").LastError!.ShouldContain("did not complete within");
        handler.DeliveryCounts.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_redirect_is_followed_and_a_302_becomes_a_GET()
    {
        var handler = new InProcessHandler(context =>
        {
            if (context.Request.Path == "/Work")
                context.Response.Redirect("/elsewhere");
            return context.Request.Path == "/Work" ? Task.CompletedTask : InProcessHandler.SucceedAsync(context);
        });
        await using var rig = await StartAsync(handler);
        await rig.SendAsync("jobs", "x");
        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
        handler.Calls.ShouldBe(["POST /Work", "GET /elsewhere"]);
    }

    [Fact]
    public async Task After_ten_failures_the_message_goes_to_parked_with_reason_and_source()
    {
        var parked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new InProcessHandler(async context =>
        {
            if (context.Request.Path == "/Work")
            {
                context.Response.StatusCode = 500;
                return;
            }
            using var reader = new StreamReader(context.Request.Body);
            parked.TrySetResult(await reader.ReadToEndAsync());
            await InProcessHandler.SucceedAsync(context);
        });
        await using var rig = await HostRig.StartAsync(new TestApp().WithQueue("Work", "jobs").WithQueue("Park", "parked"), handler);
        await rig.SendAsync("jobs", "poison");

        var metadata = JsonElement.Parse(await parked.Task.WaitAsync(TimeSpan.FromSeconds(20))).GetProperty("Metadata");
        metadata.GetProperty("DeadLetterSource").GetString().ShouldBe("\"jobs\"");
        metadata.GetProperty("DeliveryCount").GetString().ShouldBe("1");
        metadata.GetProperty("ApplicationProperties").GetProperty("DeadLetterReason").GetString().ShouldBe("MaxDeliveryCountExceeded");
        handler.Calls.Count(c => c == "POST /Work").ShouldBe(10);
        await Eventually.HoldsAsync(() => rig.Queue("parked").Counts.Completed == 1);
    }

    [Fact]
    public async Task No_more_invocations_run_at_once_than_host_json_allows()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (running, most) = (0, 0);
        var handler = new InProcessHandler(async context =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await gate.Task;
            Interlocked.Decrement(ref running);
            await InProcessHandler.SucceedAsync(context);
        });
        await using var rig = await HostRig.StartAsync(new TestApp(concurrency: 3).WithQueue("Work", "jobs"), handler);
        await rig.SendAsync("jobs", [.. Enumerable.Range(0, 10).Select(static n => $"{n}")]);

        await Eventually.HoldsAsync(() => Volatile.Read(ref running) == 3);
        rig.Queue("jobs").ShouldSatisfyAllConditions(q => q.InFlight.ShouldBe(3), q => q.Ready.ShouldBe(7));
        gate.SetResult();

        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 10);
        most.ShouldBe(3);
    }

    [Fact]
    public async Task A_held_queue_invokes_nothing_until_it_is_released()
    {
        var handler = new InProcessHandler(InProcessHandler.SucceedAsync);
        await using var rig = await HostRig.StartAsync(new TestApp().WithQueue("Work", "jobs").WithQueue("Other", "others"), handler);
        using var control = rig.Control();
        (await control.PostAsync("queues/jobs/hold", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await rig.SendAsync("jobs", "held");
        await rig.SendAsync("others", "free");
        await Eventually.HoldsAsync(() => rig.Queue("others").Counts.Completed == 1);
        handler.Calls.ShouldBe(["POST /Other"]);

        (await control.PostAsync("queues/jobs/release", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
        (await control.PostAsync("queues/nowhere/hold", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_scheduled_message_is_invoked_without_a_second_message_to_wake_the_queue()
    {
        await using var rig = await StartAsync(new InProcessHandler(InProcessHandler.SucceedAsync));
        await rig.Queues.EnqueueAsync("jobs", new QueueMessage("x"u8.ToArray()) { ScheduledEnqueueTime = TimeProvider.System.GetUtcNow().AddMilliseconds(100) }, default);
        rig.Queue("jobs").Scheduled.ShouldBe(1);
        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
    }

    [Fact]
    public async Task A_long_invocation_keeps_its_lock()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new InProcessHandler(async context =>
        {
            await gate.Task;
            await InProcessHandler.SucceedAsync(context);
        });
        // A lock lasts 3 s here, and is renewed at half of that: a busy machine is not late by so much. Without renewal the message would come a second time.
        await using var rig = await HostRig.StartAsync(new TestApp().WithQueue("Work", "jobs"), handler, o => o with { TimeScale = 0.05 });
        await rig.SendAsync("jobs", "x");
        var end = TimeProvider.System.GetUtcNow().AddSeconds(3.3);
        await Eventually.HoldsAsync(() => TimeProvider.System.GetUtcNow() > end);
        gate.SetResult();

        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
        rig.Queue("jobs").Counts.Delivered.ShouldBe(1);
    }

    private static Task<HostRig> StartAsync(InProcessHandler handler) => HostRig.StartAsync(new TestApp().WithQueue("Work", "jobs"), handler);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    /// <summary>Answers the first delivery as the test says, the others well.</summary>
    private sealed class FirstAnswer
    {
        public FirstAnswer(Func<HttpContext, Task> first) => Handler = new InProcessHandler(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var count = int.Parse(JsonElement.Parse(await reader.ReadToEndAsync()).GetProperty("Metadata").GetProperty("DeliveryCount").GetString()!);
            DeliveryCounts.Enqueue(count);
            await (count == 1 ? first(context) : InProcessHandler.SucceedAsync(context));
        });

        public InProcessHandler Handler { get; }

        public ConcurrentQueue<int> DeliveryCounts { get; } = [];
    }
}
