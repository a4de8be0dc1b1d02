using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Devices;

/// <summary>
/// Each message type with each field missing, null, of the wrong type, negative, huge or stale: refused with a code or kept once for a person, nothing changed,
/// nothing delivered again.
/// </summary>
public sealed class BadMessageTests
{
    /// <summary>Fields that may be left out or null: without them the message means the same.</summary>
    private static readonly HashSet<string> Optional =
        new(StringComparer.Ordinal) { "v", "id", "traceparent", "kind", "retryOf", "epoch", "lastSeq", "oldestUnsentAgeS", "offlineForS", "feedVersion", "settingsVersion", "journals", "lastError" };

    public static TheoryData<string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var (type, message) in Samples(World.Request().OrderId))
        {
            foreach (var (name, value) in Json(message).Where(part => part.Key != "type"))
            {
                foreach (var wrong in SpoiltMessages.Wrongs.Where(wrong => SpoiltMessages.IsWrong(name, value!, wrong, Optional)))
                    cases.Add(type, name, wrong);
            }
        }

        return cases;
    }

    public static TheoryData<string, string> Garbage => new()
    {
        { "nothing", "" }, { "no JSON", "hello" }, { "null", "null" }, { "an array", "[]" }, { "cut off", "{\"type\":\"pay-request\",\"orderId\":\"26" },
        { "no type", "{\"v\":1}" }, { "an unknown type", "{\"type\":\"pay-everything\",\"v\":1}" }, { "a type that is no text", "{\"type\":7}" },
        { "another version", "{\"type\":\"pay-status\",\"v\":2,\"orderId\":\"261122DEVMERCHDEVMACH10123456789\"}" },
        { "deep", new string('[', 5000) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_field_that_cannot_be_changes_nothing_and_is_answered_or_kept_once(string type, string field, string wrong)
    {
        using var world = new World();
        var paid = await PaidAsync(world);
        var message = Json(Samples(paid).Single(sample => sample.Type == type).Message);
        SpoiltMessages.Spoil(message, field, wrong);

        await DeliversWithoutEffectAsync(world, paid, type, Encoding.UTF8.GetBytes(message.ToJsonString()));
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task What_is_no_message_is_kept_once_with_the_reason(string what, string payload)
    {
        using var world = new World();
        var paid = await PaidAsync(world);
        what.ShouldNotBeEmpty();

        await DeliversWithoutEffectAsync(world, paid, "pay-request", Encoding.UTF8.GetBytes(payload));
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_and_a_message_that_is_too_large_are_kept_once()
    {
        foreach (var payload in (byte[][])[[0xff, 0xfe, 0x00, 0x80], Encoding.Latin1.GetBytes("{\"type\":\"pay-request\",\"kind\":\"é\"}"), new byte[33 * 1024]])
        {
            using var world = new World();
            await DeliversWithoutEffectAsync(world, await PaidAsync(world), "pay-request", payload);
        }
    }

    private static async Task DeliversWithoutEffectAsync(World world, OrderId paid, string type, byte[] payload)
    {
        var before = (await world.OrderAsync(paid), world.Told().Count, world.Bank.Calls.Count);

        await world.DeviceBytesAsync(payload, toStatus: type is "status" or "offline");

        world.Failures.ShouldBeEmpty("a failed invocation would come back ten times");
        (await world.OrderAsync(paid)).ShouldBe(before.Item1);
        world.Bank.Calls.Count.ShouldBe(before.Item3);
        (await world.GuardsAsync()).ShouldBeEmpty();
        (await world.StatusOfAsync(World.Machine)).ShouldBeNull();
        var answers = world.Told().Skip(before.Item2).ToList();
        answers.ShouldAllBe(answer => answer is PayRefused || answer is PayRefundResult);
        ((await world.ParkedAsync()).Count + answers.Count).ShouldBe(1, "answered in words, or kept once for a person");
    }

    private static async Task<OrderId> PaidAsync(World world)
    {
        var request = await world.ShowQrAsync();
        world.Bank.Pay(request.OrderId);
        (await world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        await world.DeviceSaysAsync(new PayResultAck { OrderId = request.OrderId, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon });
        (await world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        return request.OrderId;
    }

    /// <summary>Every message that machines send, about an order that is paid.</summary>
    private static IEnumerable<(string Type, DeviceMessage Message)> Samples(OrderId paid) =>
    [
        ("pay-request", World.Request() with { RetryOf = paid }),
        ("pay-cancel", new PayCancel { OrderId = paid }),
        ("pay-status", new PayStatus { OrderId = paid }),
        ("pay-refund", new PayRefund { OrderId = paid, RefundKey = "0123456789", Amount = new Fen(5), RequestedAt = World.Noon }),
        ("pay-result-ack", new PayResultAck { OrderId = paid, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon }),
        ("status", new DeviceStatus
        {
            Version = "1", Epoch = "01234567", Unsent = 1, OldestUnsentAgeS = 1, OfflineForS = 1, FeedVersion = 1, OpenOrders = 1, Clock = World.Noon,
            DiskFreeBytes = 1, LastError = "none",
        }),
        ("offline", new DeviceOffline()),
    ];

    private static JsonObject Json(DeviceMessage message) => JsonNode.Parse(DeviceMessageJson.Write(message))!.AsObject();
}
