using Azure;
using CanteenPay.Azure.EventGrid;

namespace CanteenPay.Azure.Tests.EventGrid;

public sealed class Publishing_over_HTTP
{
    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    public async Task An_accepted_message_is_sent_once_with_its_key(int status)
    {
        await using var server = await RestServer.StartAsync(status);
        await new EventGridMqttClient(server.Address, new AzureKeyCredential("the-key")).PublishAsync("a/b", new BinaryData("1"), new() { Expiry = TimeSpan.FromMilliseconds(1500) });
        var request = server.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/mqtt/messages?topic=a%2Fb&api-version=2025-02-15-preview"));
        request.Headers["Authorization"].ShouldBe("SharedAccessKey the-key");
        request.Headers["mqtt-message-expiry"].ShouldBe("2");
    }

    [Theory]
    [InlineData(201)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Any_other_answer_is_an_error(int status)
    {
        await using var server = await RestServer.StartAsync(status);
        (await Should.ThrowAsync<RequestFailedException>(() => new EventGridMqttClient(server.Address, new AzureKeyCredential("k")).PublishAsync("a", new BinaryData("1")))).Status.ShouldBe(status);
        server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_failing_broker_is_asked_again()
    {
        await using var server = await RestServer.StartAsync(500, 202);
        await new EventGridMqttClient(server.Address, new AzureKeyCredential("k"), new() { Retry = { Delay = TimeSpan.FromMilliseconds(1) } }).PublishAsync("a", new BinaryData("1"));
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Audience_and_version_are_settings()
    {
        await using var server = await RestServer.StartAsync(202);
        FixedToken credential = new();
        EventGridMqttClientOptions options = new() { Transport = Redirect.To(server), Audience = "https://ns.eastasia-1.ts.eventgrid.azure.net/", ApiVersion = "2025-08-01-preview" };
        await new EventGridMqttClient(new Uri("https://ns.eastasia-1.ts.eventgrid.azure.net"), credential, options).PublishAsync("a", new BinaryData("1"));
        credential.Scopes.ShouldBe(["https://ns.eastasia-1.ts.eventgrid.azure.net/.default"]);
        server.Requests[0].Target.ShouldEndWith("api-version=2025-08-01-preview");
        server.Requests[0].Headers["Authorization"].ShouldBe("Bearer token-1");
    }
}
