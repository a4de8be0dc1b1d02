using System.Net;
using System.Net.Sockets;
using System.Text;
using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Host.Handlers;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.LocalCloud.Tests.Host;

public sealed class FrontDoorTests
{
    [Theory]
    [InlineData("/PaymentPoll")]
    [InlineData("/paymentpoll")]
    [InlineData("/PAYMENTPOLL")]
    [InlineData("/api/..%2FPaymentPoll")]
    [InlineData("/api/..%2fPaymentPoll")]
    [InlineData("/api/..%5CPaymentPoll")]
    [InlineData("/api/..\\PaymentPoll")]
    [InlineData("/api/../PaymentPoll")]
    [InlineData("/api/%2e%2e/PaymentPoll")]
    [InlineData("/api/%252e%252e/PaymentPoll")]
    [InlineData("/api/.%2e/PaymentPoll")]
    [InlineData("/api/x/../../PaymentPoll")]
    [InlineData("/PaymentPoll/../api/x")]
    [InlineData("/./PaymentPoll")]
    [InlineData("//PaymentPoll")]
    [InlineData("/%2FPaymentPoll")]
    [InlineData("/%50aymentPoll")]
    [InlineData("/PaymentPoll/")]
    [InlineData("/PaymentPoll?x=/api/")]
    [InlineData("/Tick")]
    [InlineData("/api//PaymentPoll")]
    [InlineData("/")]
    [InlineData("/admin/host/status")]
    [InlineData("http://localhost/PaymentPoll")]
    [InlineData("http://localhost/api/../PaymentPoll")]
    public async Task A_forged_invocation_is_404_and_never_reaches_the_handler(string target)
    {
        var handler = new InProcessHandler(InProcessHandler.SucceedAsync);
        await using var rig = await StartAsync(handler);

        var status = await RawAsync(rig, $"POST {target} HTTP/1.1\r\nHost: localhost\r\nX-Azure-Functions-InvocationId: {Guid.NewGuid()}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        (status, handler.Calls.Count).ShouldBe(("HTTP/1.1 404 Not Found", 0));
    }

    [Theory]
    [InlineData("/api/orders/42?code=K&x=1&x=2&e=")]
    [InlineData("/api/a%2Fb/%41%20c+d;e=f/")]
    [InlineData("/Api")]
    [InlineData("/API/x?y=..%2F..&z=http://h/")]
    [InlineData("/%61pi/x")]
    [InlineData("/notify/swiftpass/7551000001")]
    public async Task A_proxied_request_keeps_its_raw_target(string target)
    {
        var handler = new InProcessHandler(static context => InProcessHandler.AnswerAsync(context, 202, "text/plain", "ok"));
        await using var rig = await StartAsync(handler);
        (await RawAsync(rig, $"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).ShouldBe("HTTP/1.1 202 Accepted");
        handler.Calls.ShouldBe(["POST " + target]);
    }

    [Fact]
    public async Task A_method_that_the_route_does_not_take_is_404()
    {
        var handler = new InProcessHandler(InProcessHandler.SucceedAsync);
        await using var rig = await StartAsync(handler);
        using var client = new HttpClient { BaseAddress = rig.Address };
        (await client.DeleteAsync("api/x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("notify/x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        handler.Calls.ShouldBeEmpty();
        (await client.GetAsync("api/x")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Headers_status_and_body_pass_both_ways_and_the_hosts_own_headers_cannot_be_forged()
    {
        var handler = new InProcessHandler(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            context.Response.StatusCode = 422;
            context.Response.Headers["X-Answer"] = new[] { "a", "b" };
            var host = context.Request.Headers;
            await context.Response.WriteAsync($"{host.Host}|{host["X-Own"]}|{host["X-Azure-Functions-InvocationId"]}|{context.Request.ContentType}|{await reader.ReadToEndAsync()}");
        });
        await using var rig = await StartAsync(handler);
        using var client = new HttpClient { BaseAddress = rig.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/x") { Content = new StringContent("饭堂") };
        request.Headers.Host = "pay.example.com";
        request.Headers.Add("X-Own", "1");
        request.Headers.Add("X-Azure-Functions-InvocationId", "forged");

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        response.Headers.GetValues("X-Answer").ShouldBe(["a", "b"]);
        var told = (await response.Content.ReadAsStringAsync()).Split('|');
        (told[0], told[1], told[3], told[4]).ShouldBe(("pay.example.com", "1", "text/plain; charset=utf-8", "饭堂"));
        Guid.TryParse(told[2], out _).ShouldBeTrue();
        rig.Function("Api").ShouldSatisfyAllConditions(f => f.Invocations.ShouldBe(1), f => f.Failures.ShouldBe(0));
    }

    [Fact]
    public async Task Answers_stream_before_they_are_complete()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new InProcessHandler(async context =>
        {
            await context.Response.WriteAsync("first;");
            await context.Response.Body.FlushAsync();
            await gate.Task;
            await context.Response.WriteAsync("second");
        });
        await using var rig = await StartAsync(handler);
        using var client = new HttpClient { BaseAddress = rig.Address };
        using var response = await client.GetAsync("api/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var buffer = new char[6];
        (await reader.ReadBlockAsync(buffer)).ShouldBe(6);
        new string(buffer).ShouldBe("first;");
        gate.SetResult();
        (await reader.ReadToEndAsync()).ShouldBe("second");
    }

    [Fact]
    public async Task Requests_stream_before_they_are_complete()
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new InProcessHandler(async context =>
        {
            var buffer = new byte[64];
            seen.SetResult(Encoding.ASCII.GetString(buffer, 0, await context.Request.Body.ReadAsync(buffer)));
            while (await context.Request.Body.ReadAsync(buffer) > 0)
            {
            }
        });
        await using var rig = await StartAsync(handler);
        using var client = new TcpClient();
        await client.ConnectAsync(rig.Address.Host, rig.Address.Port);
        await client.GetStream().WriteAsync("POST /api/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nfirst\r\n"u8.ToArray());
        (await seen.Task.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe("first");
        await client.GetStream().WriteAsync("0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 200 OK");
    }

    [Fact]
    public async Task A_redirect_goes_to_the_client_and_is_not_followed()
    {
        await using var rig = await StartAsync(new InProcessHandler(static context =>
        {
            context.Response.Redirect("https://elsewhere.example/");
            return Task.CompletedTask;
        }));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = rig.Address };
        using var response = await client.GetAsync("api/x");
        (response.StatusCode, response.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.Found, "https://elsewhere.example/"));
    }

    [Fact]
    public async Task A_request_that_comes_while_the_handler_starts_waits_for_it()
    {
        var handler = new LateHandler(new InProcessHandler(InProcessHandler.SucceedAsync));
        await using var rig = await HostRig.StartAsync(App(), handler);
        using var client = new HttpClient { BaseAddress = rig.Address };
        var answer = client.GetAsync("api/x");
        await Eventually.HoldsAsync(() => rig.Arrived == 1);
        answer.IsCompleted.ShouldBeFalse();

        handler.Begin();

        (await answer).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_handler_the_answer_is_502_and_after_the_third_error_503()
    {
        var handler = new InProcessHandler(static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var rig = await StartAsync(handler);
        using var client = new HttpClient { BaseAddress = rig.Address };
        (await client.GetAsync("api/x")).StatusCode.ShouldBe(HttpStatusCode.BadGateway);

        for (var errors = 1; errors <= 3; errors++)
        {
            // Not the one before, which the status may call ready for a moment longer.
            await Eventually.HoldsAsync(() => rig.Host.Status().Handlers.Single().State == HandlerState.Ready && handler.Current is { Exited.IsCompleted: false });
            handler.Current!.Exit(9);
            await Eventually.HoldsAsync(() => rig.Host.Status().Handlers.Single().Errors == errors);
        }

        await Eventually.HoldsAsync(() => rig.Host.Status().Handlers.Single().State == HandlerState.HostStopped);
        (await client.GetAsync("api/x")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_proxied_request_on_which_nothing_moves_ends_with_504()
    {
        await using var rig = await HostRig.StartAsync(App(), new InProcessHandler(static context => Task.Delay(Timeout.Infinite, context.RequestAborted)),
            static o => o with { ProxyActivityTimeout = TimeSpan.FromMilliseconds(100) });
        using var client = new HttpClient { BaseAddress = rig.Address };
        (await client.GetAsync("api/x")).StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
    }

    private static TestApp App() => new TestApp().WithHttp("Api", "api/{*path}").WithHttp("Notify", "notify/{*path}", """["post"]""")
        .WithQueue("PaymentPoll", "payment-polls").WithTimer("Tick", "0 0 3 * * *");

    private static async Task<HostRig> StartAsync(InProcessHandler handler)
    {
        var rig = await HostRig.StartAsync(App(), handler);
        await rig.Host.WhenReadyAsync(default);
        return rig;
    }

    private static async Task<string?> RawAsync(HostRig rig, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(rig.Address.Host, rig.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync();
    }

    /// <summary>Begins to listen only when it is told to.</summary>
    private sealed class LateHandler(InProcessHandler handler) : IHandlerStarter
    {
        private readonly TaskCompletionSource _told = new();

        public void Begin() => _told.SetResult();

        public IHandler Start(HandlerStart start) => new Late(handler, start, _told.Task);

        private sealed class Late : IHandler
        {
            private readonly TaskCompletionSource<int> _exited = new();
            private IHandler? _inner;

            public Late(InProcessHandler handler, HandlerStart start, Task told) => _ = BeginAsync(handler, start, told);

            public int? ProcessId => null;

            public Task<int> Exited => _exited.Task;

            public void Kill() => _inner?.Kill();

            public void Dispose() => Kill();

            private async Task BeginAsync(InProcessHandler handler, HandlerStart start, Task told)
            {
                await told;
                _inner = handler.Start(start);
            }
        }
    }
}
