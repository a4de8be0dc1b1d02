using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.Host.Apps;
using CanteenPay.LocalCloud.Host.Handlers;
using CanteenPay.LocalCloud.Host.Invocations;
using CanteenPay.LocalCloud.Host.Timers;
using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Tests.Host;

/// <summary>What the host sends equals what the real one was recorded to send, to the byte but for clocks and random ids.</summary>
public sealed class InvocationShapeTests
{
    private const string Sys = """{"MethodName":"@","UtcNow":"2026-11-22T02:26:06.32086Z","RandGuid":"5654249b-072f-415e-a803-ed6da1a1456f"}""";

    [Theory]
    [InlineData("SbText", "hello \"q\" café <b>\u0001")]
    [InlineData("SbEmpty", "")]
    public void A_text_is_encoded_twice(string function, string body) =>
        BodyOf(function, body, binary: false, "m-1").ShouldBe(RecordedRequests.WithoutSys(RecordedRequests.Of(function).Body));

    [Fact]
    public void A_binary_trigger_gets_base64_and_nothing_of_its_payload_in_the_metadata() =>
        BodyOf("SbBinary", """{"id":7}""", binary: true, "m-1").ShouldBe(RecordedRequests.WithoutSys(RecordedRequests.Of("SbBinary").Body));

    [Fact]
    public void The_payload_of_a_trigger_that_is_not_binary_overwrites_metadata() =>
        BodyOf("SbJson", """{"id":7,"MessageId":"spoofed","nested":{"a":1},"arr":[1],"x":null,"f":1.50,"b":true}""", binary: false, "m-1")
            .ShouldBe(RecordedRequests.WithoutSys(RecordedRequests.Of("SbJson").Body));

    [Fact]
    public void A_timers_status_and_lateness_are_told()
    {
        var run = new TimerRun(Time("2026-11-22T02:10:00.1234567Z"), Time("2026-11-22T02:15:00Z"), Time("2026-11-22T02:10:00Z"));
        TimerBody("TimerFn", run, pastDue: true).ShouldBe(RecordedRequests.WithoutSys(RecordedRequests.Of("TimerFn").Body));
    }

    [Fact]
    public void A_timer_without_monitor_has_no_status() =>
        TimerBody("TimerFnNoMon", null, pastDue: false).ShouldBe(RecordedRequests.WithoutSys(RecordedRequests.Of("TimerFnNoMon").Body));

    [Fact]
    public void The_enqueued_time_has_no_zone() =>
        BodyOf("SbBinary", "x", binary: true, "m-1").ShouldContain("\"EnqueuedTimeUtc\":\"2026-11-22T02:16:01\",");

    [Fact]
    public void Dead_letters_name_their_source_in_the_metadata_and_their_reason_in_the_properties()
    {
        var function = new FunctionDefinition("Park", "msg", new QueueTrigger("parked", Binary: true));
        var message = Message("x", "m-1") with { DeadLetterSource = "payment-polls" };
        QueueInvocation.Body(function, binary: true, message, Sys).ShouldContain("\"DeliveryCount\":\"1\",\"DeadLetterSource\":\"\\\"payment-polls\\\"\",\"LockToken\"");
    }

    [Fact]
    public async Task An_invocation_travels_in_chunks_with_the_recorded_headers()
    {
        var handler = new SocketHandler();
        await using var rig = await HostRig.StartAsync(new TestApp().WithQueue("SbBinary", "jobs"), handler);
        await rig.SendAsync("jobs", """{"id":7}""");

        var request = await handler.Invocation.Task.WaitAsync(TimeSpan.FromSeconds(20));

        var head = request[..request.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n", "\n", StringComparison.Ordinal);
        RecordedRequests.WithoutIds(head).ShouldBe(RecordedRequests.WithoutIds(RecordedRequests.Of("SbBinary").Head));
        request.ShouldContain("{\"Data\":{\"msg\":\"eyJpZCI6N30=\"},\"Metadata\":{\"MessageReceiver\":{},\"DeliveryCount\":\"1\",");
        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);
    }

    private static string BodyOf(string function, string body, bool binary, string messageId) => RecordedRequests.WithoutSys(QueueInvocation.Body(
        new FunctionDefinition(function, "msg", new QueueTrigger("jobs", binary)), binary, Message(body, messageId), Sys.Replace("@", function, StringComparison.Ordinal)));

    private static string TimerBody(string function, TimerRun? run, bool pastDue) => RecordedRequests.WithoutSys(TimerInvocation.Body(
        new FunctionDefinition(function, "timer", new QueueTrigger("none", Binary: true)), run, pastDue, Sys.Replace("@", function, StringComparison.Ordinal)));

    private static LockedMessage Message(string body, string messageId) => new(
        "jobs",
        new QueueMessage(Encoding.UTF8.GetBytes(body))
        {
            ContentType = "application/json",
            Label = "job",
            CorrelationId = "c-1",
            SessionId = "s-1",
            Properties = JsonElement.Parse("""{"tenant":"t1","n":3,"when":"2026-01-01T00:00:00+00:00"}""").EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value),
        },
        messageId, 9007199254740993, 1, Guid.Parse("7f0a6b1c-0000-0000-0000-000000000001"), Time("2026-11-22T02:17:01Z"),
        Time("2026-11-22T02:16:01Z"), Time("2026-12-06T02:16:01Z"), null);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text);

    /// <summary>Keeps an invocation's bytes as they came and answers it.</summary>
    private sealed class SocketHandler : IHandlerStarter, IHandler
    {
        private readonly TaskCompletionSource<int> _exited = new();

        public TaskCompletionSource<string> Invocation { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int? ProcessId => null;

        public Task<int> Exited => _exited.Task;

        public IHandler Start(HandlerStart start)
        {
            var listener = new TcpListener(IPAddress.Loopback, start.Port);
            listener.Start();
            _ = ServeAsync(listener);
            return this;
        }

        public void Kill() => _exited.TrySetResult(137);

        public void Dispose() => Kill();

        private async Task ServeAsync(TcpListener listener)
        {
            using (listener)
            {
                while (!_exited.Task.IsCompleted)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    var text = new StringBuilder();
                    var buffer = new byte[64 * 1024];
                    while (!text.ToString().EndsWith(text.ToString().StartsWith("GET ", StringComparison.Ordinal) ? "\r\n\r\n" : "0\r\n\r\n", StringComparison.Ordinal))
                        text.Append(Encoding.UTF8.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer)));
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {InProcessHandler.Done.Length}\r\n\r\n{InProcessHandler.Done}"));
                    if (text.ToString().StartsWith("POST", StringComparison.Ordinal))
                        Invocation.TrySetResult(text.ToString());
                }
            }
        }
    }
}
