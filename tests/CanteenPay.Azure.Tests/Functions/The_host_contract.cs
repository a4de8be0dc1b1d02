using System.Text;
using System.Text.Json;
using Azure.Messaging;
using CanteenPay.Azure.Functions;

namespace CanteenPay.Azure.Tests.Functions;

/// <summary>Replays requests as the real host wrote them, byte for byte but for the chunks' sizes, which the record does not hold.</summary>
public sealed class The_host_contract
{
    private const string Success = """{"Outputs":{},"Logs":[],"ReturnValue":null}""";

    [Fact]
    public async Task Every_recorded_invocation_is_answered_as_the_host_needs_it()
    {
        await using var handler = await StartAsync();
        foreach (var (target, expected) in ((string, int)[])[("/TimerFn", 200), ("/TimerFnNoMon", 200), ("/SbJson", 200), ("/SbText", 200), ("/SbBinary", 200), ("/SbEmpty", 500)])
        {
            var answer = await ReplayAsync(handler, target);
            answer.Status.ShouldBe(expected, target);
            answer.Head.ShouldContain("Content-Type: application/json\r\n");
            JsonDocument.Parse(answer.Body).RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
            if (expected == 200)
            {
                answer.Body.ShouldBe(Success);
            }
        }
    }

    [Fact]
    public async Task A_timer_is_read_with_and_without_its_record()
    {
        await using var handler = await StartAsync();
        await ReplayAsync(handler, "/TimerFn");
        await ReplayAsync(handler, "/TimerFnNoMon");
        var seen = handler.Calls.Seen.Select(call => call.Payload).ToArray();
        seen[0].ShouldBe(new TimerInfo
        {
            IsPastDue = true,
            ScheduleStatus = new()
            {
                Last = DateTimeOffset.Parse("2026-11-22T02:10:00.1234567Z", null),
                Next = DateTimeOffset.Parse("2026-11-22T02:15:00Z", null),
                LastUpdated = DateTimeOffset.Parse("2026-11-22T02:10:00Z", null),
            },
        });
        seen[1].ShouldBe(new TimerInfo());
    }

    [Fact]
    public async Task A_binary_message_is_read_and_its_metadata_is_the_queues()
    {
        await using var handler = await StartAsync();
        await ReplayAsync(handler, "/SbBinary");
        var (payload, context) = handler.Calls.Seen.ShouldHaveSingleItem();
        payload.ShouldBe(new Job(7));
        context!.InvocationId.ShouldBe("90deb69b-a176-40aa-964e-41873d767cde");
        context.FunctionName.ShouldBe("SbBinary");
        context.MessageId.ShouldBe("m-1");
        context.DeliveryCount.ShouldBe(1);
        context.EnqueuedTime.ShouldBe(new DateTimeOffset(2026, 11, 22, 2, 16, 1, TimeSpan.Zero));
        context.ApplicationProperties.ShouldBe(
            [new("tenant", "t1"), new("n", "3"), new("when", "2026-01-01T00:00:00+00:00")], ignoreOrder: true);
        context.DeadLetterReason.ShouldBeNull();
    }

    [Fact]
    public async Task Doubly_encoded_messages_are_read_as_they_were_sent()
    {
        await using var handler = await StartAsync();
        await ReplayAsync(handler, "/SbJson");
        await ReplayAsync(handler, "/SbText");
        var seen = handler.Calls.Seen.ToArray();
        seen[0].Payload.ShouldBe(new Job(7));
        seen[1].Payload.ShouldBeOfType<BinaryData>().ToString().ShouldBe("hello \"q\" café <b>\u0001");
    }

    [Fact]
    public async Task A_proxied_request_reaches_its_endpoint_unchanged()
    {
        await using var handler = await StartAsync();
        var answer = await ReplayAsync(handler, "/api/jobs/42?code=K&x=1,2&e=");
        (answer.Status, answer.Body).ShouldBe((200, "taken"));
        handler.Calls.Seen.ShouldHaveSingleItem().Payload.ShouldBe((42, "{\"id\":1005,\"t\":\"2026-11-22T02:16:01.1234567Z\",\"n\":\"café\"}"));
    }

    [Fact]
    public async Task A_dead_letter_tells_why_it_gave_up()
    {
        await using var handler = await StartAsync();
        await handler.InvokeAsync("/SbText", """
            {"Data":{"msg":"e30="},"Metadata":{"DeliveryCount":"10","DeadLetterSource":"\"device-payments\"",
            "ApplicationProperties":"{\"DeadLetterReason\":\"MaxDeliveryCountExceeded\",\"DeadLetterErrorDescription\":\"ten times\"}"}}
            """);
        var context = handler.Calls.Seen.ShouldHaveSingleItem().Context!;
        (context.DeliveryCount, context.DeadLetterReason, context.DeadLetterErrorDescription, context.DeadLetterSource)
            .ShouldBe((10, "MaxDeliveryCountExceeded", "ten times", "device-payments"));
    }

    [Fact]
    public async Task A_cloud_event_is_read()
    {
        await using var handler = await StartAsync();
        await handler.InvokeAsync("/SbEvent", """{"Data":{"msg":{"specversion":"1.0","id":"1","source":"s","type":"t","clientname":"M01","data":{"v":1}}},"Metadata":{}}""");
        handler.Calls.Seen.ShouldHaveSingleItem().Payload.ShouldBeOfType<CloudEvent>().ExtensionAttributes["clientname"].ShouldBe("M01");
    }

    [Theory]
    [InlineData("/SbFails", """{"Data":{"msg":{"id":1}},"Metadata":{}}""")]
    [InlineData("/SbJson", """{"Data":{"msg":""},"Metadata":{}}""")]
    [InlineData("/SbJson", """{"Data":{"msg":null},"Metadata":{}}""")]
    [InlineData("/SbJson", """{"Data":{"msg":"null"},"Metadata":{}}""")]
    [InlineData("/SbJson", """{"Data":{"other":"{}"},"Metadata":{}}""")]
    [InlineData("/SbJson", """{"Data":{"msg":"bm90IGpzb24="},"Metadata":{}}""")]
    [InlineData("/SbJson", """{"Metadata":{}}""")]
    [InlineData("/SbJson", "[]")]
    [InlineData("/SbJson", "{")]
    [InlineData("/SbJson", "")]
    [InlineData("/SbEvent", """{"Data":{"msg":{"id":"1"}},"Metadata":{}}""")]
    [InlineData("/SbEvent", """{"Data":{"msg":[]},"Metadata":{}}""")]
    public async Task A_failure_is_a_500_with_an_object_that_tells_nothing(string target, string body)
    {
        await using var handler = await StartAsync();
        var answer = await handler.InvokeAsync(target, body);
        answer.Status.ShouldBe(500);
        answer.Head.ShouldContain("Content-Type: application/json\r\n");
        answer.Body.ShouldBe("""{"error":"The function failed; its log tells why."}""");
        handler.Calls.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        await using var handler = await StartAsync();
        const string Head = """{"Data":{"msg":""" + "\"";
        const string Tail = "\"}}";
        var fits = InvocationEndpoint.MaxBodyBytes - Head.Length - Tail.Length;
        (await handler.InvokeAsync("/SbText", Head + new string('-', fits) + Tail)).Status.ShouldBe(200);
        (await handler.InvokeAsync("/SbText", Head + new string('-', fits + 1) + Tail)).Status.ShouldBe(413);
        handler.Calls.Seen.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_static_function_gets_everything_it_asks_for()
    {
        await using var handler = await HandlerServer.StartAsync(typeof(StaticFunctions));
        (await handler.InvokeAsync("/StaticTimer", """{"Data":{"timer":{"IsPastDue":true}},"Metadata":{}}""")).Status.ShouldBe(200);
        StaticFunctions.Seen.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_hosts_readiness_probe_is_answered()
    {
        await using var handler = await StartAsync();
        (await handler.InvokeAsync("/", "", "GET")).Status.ShouldBe(404);
    }

    private static Task<HandlerServer> StartAsync() => HandlerServer.StartAsync(typeof(RecordedFunctions));

    private static Task<Answer> ReplayAsync(HandlerServer handler, string target)
    {
        var recorded = File.ReadAllText(Path.Combine(Tables.Azurite.Root(), "tests", "CanteenPay.Azure.Tests", "fixtures", "functions-host-requests.txt"));
        var request = recorded.Split("\n-----\n").Single(text => text.StartsWith($"POST {target} ", StringComparison.Ordinal));
        var blank = request.IndexOf("\n\n", StringComparison.Ordinal);
        var body = request[(blank + 2)..].TrimEnd('\n');
        var head = string.Concat(request[..blank].Split('\n').Where(line => !line.StartsWith("Transfer-Encoding", StringComparison.Ordinal)).Select(line => line + "\r\n"));
        return handler.SendAsync(head.Contains("Content-Length: ", StringComparison.Ordinal)
            ? Encoding.UTF8.GetBytes($"{head}Connection: close\r\n\r\n{body}")
            : HandlerServer.Chunked(head, Encoding.UTF8.GetBytes(body)));
    }
}
