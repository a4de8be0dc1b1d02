using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Azure;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.ServiceBus;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.Azure.Tests.ServiceBus;

public sealed class Sending_over_REST
{
    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_busy_service_is_asked_again_with_the_same_message(int status)
    {
        await using var server = await RestServer.StartAsync(status, status, 201);
        await Sender(server).SendMessageAsync(Message());
        server.Requests.Count.ShouldBe(3);
        server.Requests.Select(request => request.Headers["BrokerProperties"]).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Throttling_inside_another_error_is_asked_again()
    {
        var throttled = true;
        await using var server = await RestServer.StartAsync((_, response) =>
        {
            response.StatusCode = throttled ? 403 : 201;
            var body = throttled ? "<Error><Code>403</Code><Detail>SubCode=50009. wait 2 seconds</Detail></Error>" : "";
            throttled = false;
            return response.WriteAsync(body);
        });
        await Sender(server).SendMessageAsync(Message());
        server.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_refusal_is_not_asked_again(int status)
    {
        await using var server = await RestServer.StartAsync(status);
        (await Should.ThrowAsync<RequestFailedException>(() => Sender(server).SendMessageAsync(Message()))).Status.ShouldBe(status);
        server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_missing_queue_is_told_by_its_name()
    {
        await using var server = await RestServer.StartAsync(410);
        var error = await Should.ThrowAsync<RequestFailedException>(() => Sender(server).SendMessageAsync(Message()));
        error.Status.ShouldBe(410);
        error.Message.ShouldContain("no queue 'payment-polls'");
        server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_status_0()
    {
        ServiceBusClient client = new("Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true", Fast());
        (await Should.ThrowAsync<RequestFailedException>(() => client.CreateSender("q").SendMessageAsync(Message()))).Status.ShouldBe(0);
    }

    [Fact]
    public async Task A_fraction_of_a_second_is_never_early()
    {
        await using var server = await RestServer.StartAsync(201);
        var message = Message();
        message.ScheduledEnqueueTime = new DateTimeOffset(2026, 11, 22, 10, 0, 0, 1, TimeSpan.FromHours(8));
        await Sender(server).SendMessageAsync(message);
        server.Requests[0].Headers["BrokerProperties"].ShouldContain("\"ScheduledEnqueueTimeUtc\":\"Sun, 22 Nov 2026 02:00:01 GMT\"");
    }

    [Fact]
    public async Task A_shared_access_signature_can_be_verified_and_has_not_expired()
    {
        await using var server = await RestServer.StartAsync(201);
        await Sender(server).SendMessageAsync(Message());
        var authorization = server.Requests[0].Headers["Authorization"];
        authorization.ShouldStartWith("SharedAccessSignature ");
        var parts = HttpUtility.ParseQueryString(authorization["SharedAccessSignature ".Length..]);
        parts["sr"].ShouldBe(server.Address.AbsoluteUri.TrimEnd('/'));
        parts["skn"].ShouldBe("sender");
        var signed = $"{Uri.EscapeDataString(parts["sr"]!)}\n{parts["se"]}";
        parts["sig"].ShouldBe(Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("k+/="), Encoding.UTF8.GetBytes(signed))));
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["se"]!, CultureInfo.InvariantCulture)).ShouldBeGreaterThan(TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_signature_is_renewed_before_it_expires()
    {
        await using var server = await RestServer.StartAsync(201);
        SetTime time = new(new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
        var sender = Sender(server, new() { TimeProvider = time });
        foreach (var minutes in (int[])[0, 49, 2])
        {
            time.Now += TimeSpan.FromMinutes(minutes);
            await sender.SendMessageAsync(Message());
        }

        var tokens = server.Requests.Select(request => request.Headers["Authorization"]).ToArray();
        tokens[1].ShouldBe(tokens[0]);
        tokens[2].ShouldNotBe(tokens[0]);
    }

    [Fact]
    public async Task Entra_sends_a_token_for_Service_Bus()
    {
        await using var server = await RestServer.StartAsync(201);
        FixedToken credential = new();
        ServiceBusClient client = new("contoso.servicebus.windows.net", credential, new() { Transport = Redirect.To(server) });
        await client.CreateSender("payment-polls").SendMessageAsync(Message());
        credential.Scopes.ShouldBe(["https://servicebus.azure.net/.default"]);
        server.Requests[0].Headers["Authorization"].ShouldBe("Bearer token-1");
    }

    [Theory]
    [InlineData("Endpoint=sb://h;SharedAccessKeyName=n", "SharedAccessKey")]
    [InlineData("SharedAccessKeyName=n;SharedAccessKey=top-secret", "Endpoint")]
    public void A_wrong_connection_string_is_told_without_its_secret(string connectionString, string words)
    {
        var message = Should.Throw<FormatException>(() => new ServiceBusClient(connectionString)).Message;
        message.ShouldContain(words);
        message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Memory_gives_out_messages_when_they_are_due()
    {
        SetTime time = new(new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
        InMemoryServiceBus bus = new(time);
        var sender = bus.CreateSender("q");
        await sender.SendMessageAsync(new(new BinaryData("later")) { MessageId = "2", ScheduledEnqueueTime = time.Now.AddSeconds(3) });
        await sender.SendMessageAsync(new(new BinaryData("now")) { MessageId = "1" });
        bus.TakeDue("q")!.MessageId.ShouldBe("1");
        bus.TakeDue("q").ShouldBeNull();
        time.Now = bus.NextDue("q")!.Value;
        bus.TakeDue("q")!.MessageId.ShouldBe("2");
        bus.NextDue("q").ShouldBeNull();
        bus.Sent("q").Count.ShouldBe(2);
    }

    private static ServiceBusMessage Message() => new(new BinaryData("1")) { MessageId = "m-1" };

    private static ServiceBusClientOptions Fast() => new() { Retry = { Delay = TimeSpan.FromMilliseconds(1) } };

    private static ServiceBusSender Sender(RestServer server, ServiceBusClientOptions? options = null) => new ServiceBusClient(
        $"Endpoint=sb://127.0.0.1:{server.Address.Port};SharedAccessKeyName=sender;SharedAccessKey=k+/=;UseDevelopmentEmulator=true", options ?? Fast()).CreateSender("payment-polls");
}
