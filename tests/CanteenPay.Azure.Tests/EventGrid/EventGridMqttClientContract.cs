using System.Globalization;
using System.Web;
using Azure;
using CanteenPay.Azure.EventGrid;
using CanteenPay.Azure.InMemory;

namespace CanteenPay.Azure.Tests.EventGrid;

/// <summary>What every implementation of the publishing port does: the same refusals, and the same messages come out.</summary>
public abstract class EventGridMqttClientContract
{
    /// <summary>A client, and what came out at the broker.</summary>
    private protected abstract Task<(EventGridMqttClient Client, Func<IReadOnlyList<PublishedMessage>> Published)> OpenAsync();

    [Fact]
    public async Task A_message_comes_out_with_its_topic_and_options()
    {
        var (client, published) = await OpenAsync();
        MqttPublishOptions options = new() { Retain = true, Expiry = TimeSpan.FromSeconds(60), ContentType = "text/plain" };
        await client.PublishAsync("canteen/v1/devices/M&01 ?/down/支付", new BinaryData("{\"say\":\"支付成功\"}"), options);
        await client.PublishAsync("t", new BinaryData("1"));
        published().Select(message => (message.Topic, Payload: message.Payload.ToString(), message.Options)).ShouldBe(
            [("canteen/v1/devices/M&01 ?/down/支付", "{\"say\":\"支付成功\"}", options), ("t", "1", MqttPublishOptions.Default)]);
    }

    [Fact]
    public async Task What_the_broker_would_refuse_is_refused_before_it_is_sent()
    {
        var (client, published) = await OpenAsync();
        BinaryData Of(int bytes) => new(new byte[bytes]);
        await RefusesAsync("topic", () => client.PublishAsync("", Of(1)));
        await RefusesAsync("topic", () => client.PublishAsync("canteen/+/x", Of(1)));
        await RefusesAsync("topic", () => client.PublishAsync("canteen/#", Of(1)));
        await RefusesAsync("256 bytes", () => client.PublishAsync(new string('付', 86), Of(1)));
        await RefusesAsync("8 segments", () => client.PublishAsync("1/2/3/4/5/6/7/8/9", Of(1)));
        await RefusesAsync("524288", () => client.PublishAsync("t", Of((512 * 1024) + 1)));
        await RefusesAsync("65536", () => client.PublishAsync("t", Of((64 * 1024) + 1), new() { Retain = true }));
        await RefusesAsync("expiry", () => client.PublishAsync("t", Of(1), new() { Expiry = TimeSpan.FromSeconds(-1) }));
        published().ShouldBeEmpty();
    }

    private static async Task RefusesAsync(string words, Func<Task> send) => (await Should.ThrowAsync<ArgumentException>(send)).Message.ShouldContain(words);
}

public sealed class Memory_keeps_the_publishing_contract : EventGridMqttClientContract
{
    private protected override Task<(EventGridMqttClient, Func<IReadOnlyList<PublishedMessage>>)> OpenAsync()
    {
        InMemoryEventGrid broker = new();
        return Task.FromResult<(EventGridMqttClient, Func<IReadOnlyList<PublishedMessage>>)>((broker, () => broker.Published));
    }
}

public sealed class Http_keeps_the_publishing_contract : EventGridMqttClientContract, IAsyncDisposable
{
    private RestServer? server;

    private protected override async Task<(EventGridMqttClient, Func<IReadOnlyList<PublishedMessage>>)> OpenAsync()
    {
        server = await RestServer.StartAsync(202);
        return (new EventGridMqttClient(server.Address, new AzureKeyCredential("key")), () => [.. server.Requests.Select(Read)]);
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static PublishedMessage Read(Received request)
    {
        var query = HttpUtility.ParseQueryString(request.Target[request.Target.IndexOf('?', StringComparison.Ordinal)..]);
        request.Headers["mqtt-qos"].ShouldBe("1");
        return new(query["topic"]!, new BinaryData(request.Body), new()
        {
            Retain = request.Headers["mqtt-retain"] == "1",
            Expiry = request.Headers.TryGetValue("mqtt-message-expiry", out var seconds) ? TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)) : null,
            ContentType = request.Headers["Content-Type"],
        });
    }
}
