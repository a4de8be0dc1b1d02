using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.ServiceBus;

namespace CanteenPay.Azure.Tests.ServiceBus;

/// <summary>What every implementation of the sending port does: the same refusals, and the same messages arrive.</summary>
public abstract class ServiceBusSenderContract
{
    private static readonly DateTimeOffset Due = new(2026, 11, 22, 10, 0, 1, TimeSpan.FromHours(8));

    /// <summary>A sender to the queue <c>payment-polls</c>, and what arrived there.</summary>
    private protected abstract Task<(ServiceBusSender Sender, Func<IReadOnlyList<Arrived>> Arrived)> OpenAsync();

    [Fact]
    public async Task A_message_arrives_with_its_properties_and_schedule()
    {
        var (sender, arrived) = await OpenAsync();
        ServiceBusMessage message = new(new BinaryData("{\"step\":\"查询\"}"))
        {
            MessageId = "order-1",
            CorrelationId = "c",
            Subject = "poll",
            ScheduledEnqueueTime = Due,
            TimeToLive = TimeSpan.FromMinutes(5),
            ApplicationProperties = { ["reason"] = "迟到 \"x\"" },
        };
        await sender.SendMessageAsync(message);
        arrived().ShouldBe([new("order-1", "{\"step\":\"查询\"}", "c", "poll", Due, TimeSpan.FromMinutes(5), "迟到 \"x\"")]);
    }

    [Fact]
    public async Task A_batch_arrives_in_order()
    {
        var (sender, arrived) = await OpenAsync();
        await sender.SendMessagesAsync(Enumerable.Range(0, 100).Select(number => new ServiceBusMessage(new BinaryData($"\"好{number}\""))
        {
            MessageId = $"m-{number}",
            ScheduledEnqueueTime = number == 0 ? Due : default,
            ApplicationProperties = { ["reason"] = "r" },
        }));
        arrived().Select(message => message.Body).ShouldBe(Enumerable.Range(0, 100).Select(number => $"\"好{number}\""));
        arrived()[0].ShouldBe(new("m-0", "\"好0\"", null, null, Due, null, "r"));
    }

    [Fact]
    public async Task A_message_sent_twice_arrives_once()
    {
        var (sender, arrived) = await OpenAsync();
        await sender.SendMessageAsync(new(new BinaryData("1")) { MessageId = "a" });
        await sender.SendMessageAsync(new(new BinaryData("1")) { MessageId = "a" });
        await sender.SendMessagesAsync([new(new BinaryData("1")) { MessageId = "a" }, new(new BinaryData("2")) { MessageId = "b" }]);
        arrived().Select(message => message.MessageId).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task What_Service_Bus_would_refuse_or_double_is_refused_before_it_is_sent()
    {
        var (sender, arrived) = await OpenAsync();
        ServiceBusMessage Of(int bytes) => new(new BinaryData(new string('x', bytes))) { MessageId = Guid.NewGuid().ToString() };
        await RefusesAsync("MessageId", () => sender.SendMessageAsync(new(new BinaryData("1"))));
        await RefusesAsync("MessageId", () => sender.SendMessageAsync(new(new BinaryData("1")) { MessageId = new('x', 129) }));
        await RefusesAsync("262144", () => sender.SendMessageAsync(Of(262_144)));
        await RefusesAsync("TimeToLive", () => sender.SendMessageAsync(new(new BinaryData("1")) { MessageId = "a", TimeToLive = TimeSpan.Zero }));
        await RefusesAsync("header", () => sender.SendMessageAsync(new(new BinaryData("1")) { MessageId = "a", ApplicationProperties = { ["Host"] = "evil" } }));
        await RefusesAsync("header", () => sender.SendMessageAsync(new(new BinaryData("1")) { MessageId = "a", ApplicationProperties = { ["a b"] = "1" } }));
        await RefusesAsync("1 to 100", () => sender.SendMessagesAsync([]));
        await RefusesAsync("1 to 100", () => sender.SendMessagesAsync(Enumerable.Range(0, 101).Select(_ => Of(1))));
        await RefusesAsync("262144", () => sender.SendMessagesAsync([Of(131_000), Of(131_000)]));
        await RefusesAsync("UTF-8", () => sender.SendMessagesAsync([new(new BinaryData(new byte[] { 0xC3, 0x28 })) { MessageId = "a" }]));
        arrived().ShouldBeEmpty();
    }

    private static async Task RefusesAsync(string words, Func<Task> send) => (await Should.ThrowAsync<ArgumentException>(send)).Message.ShouldContain(words);
}

internal sealed record Arrived(string MessageId, string Body, string? CorrelationId, string? Subject, DateTimeOffset Due, TimeSpan? TimeToLive, string? Reason);

public sealed class Memory_keeps_the_sender_contract : ServiceBusSenderContract
{
    private protected override Task<(ServiceBusSender, Func<IReadOnlyList<Arrived>>)> OpenAsync()
    {
        InMemoryServiceBus bus = new();
        return Task.FromResult<(ServiceBusSender, Func<IReadOnlyList<Arrived>>)>((bus.CreateSender("payment-polls"), () => [.. bus.Sent("payment-polls").Select(message => new Arrived(
            message.MessageId!, message.Body.ToString(), message.CorrelationId, message.Subject, message.ScheduledEnqueueTime, message.TimeToLive,
            message.ApplicationProperties.TryGetValue("reason", out var reason) ? reason : null))]));
    }
}

public sealed class Rest_keeps_the_sender_contract : ServiceBusSenderContract, IAsyncDisposable
{
    private RestQueue? queue;

    private protected override async Task<(ServiceBusSender, Func<IReadOnlyList<Arrived>>)> OpenAsync()
    {
        queue = await RestQueue.StartAsync();
        return (queue.Client().CreateSender("payment-polls"), () => queue.Messages);
    }

    public ValueTask DisposeAsync() => queue?.DisposeAsync() ?? ValueTask.CompletedTask;
}
