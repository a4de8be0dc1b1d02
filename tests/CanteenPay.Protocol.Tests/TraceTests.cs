using System.Diagnostics;
using System.Text;

namespace CanteenPay.Protocol.Tests;

/// <summary>Trace context in messages: carried when it is one, otherwise as if there were none.</summary>
public sealed class TraceTests
{
    private const string Good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly PayCancel Message = new() { OrderId = OrderId.Parse("261122DEVMERCHDEVMACH10123456789") };

    [Fact]
    public void A_trace_context_survives_writing_and_reading() => Reread(Message with { Traceparent = Good }).Traceparent.ShouldBe(Good);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"no trace\"")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("{\"a\":[1]}")]
    [InlineData("[\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"]")]
    [InlineData("\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more\"")]
    [InlineData("\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-zz\"")]
    [InlineData("\"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01\"")]
    [InlineData("\"00-00000000000000000000000000000000-b7ad6b7169203331-01\"")]
    [InlineData("\"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01\"")]
    [InlineData("\"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"")]
    [InlineData("\"00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01\"")]
    [InlineData("\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333\\u0031-01\"")]
    public void What_is_no_trace_context_is_ignored_and_the_message_is_read_all_the_same(string json)
    {
        var bytes = Encoding.UTF8.GetBytes($"{{\"v\":1,\"id\":\"x\",\"type\":\"pay-cancel\",\"traceparent\":{json},\"orderId\":\"{Message.OrderId}\"}}");

        DeviceMessageJson.TryRead(bytes, out var read, out var error).ShouldBeTrue(error);

        read.ShouldBeOfType<PayCancel>().OrderId.ShouldBe(Message.OrderId);
        read.Traceparent.ShouldBeNull();
    }

    [Fact]
    public void A_text_of_any_length_is_ignored()
    {
        var bytes = Encoding.UTF8.GetBytes($"{{\"v\":1,\"id\":\"x\",\"type\":\"pay-cancel\",\"traceparent\":\"{new string('0', 30_000)}\",\"orderId\":\"{Message.OrderId}\"}}");

        DeviceMessageJson.TryRead(bytes, out var read, out var error).ShouldBeTrue(error);
        read.Traceparent.ShouldBeNull();
    }

    [Fact]
    public void While_nobody_listens_a_message_goes_as_it_is_and_nothing_is_begun()
    {
        using var source = new ActivitySource("nobody listens");

        var (span, sent) = MessageSpans.Send(source, Message with { Traceparent = Good }, TraceContext.Read(Good));

        span.ShouldBeNull();
        sent.Traceparent.ShouldBe(Good, "whoever comes next may draw it");
        MessageSpans.Process(source, sent).ShouldBeNull();
    }

    [Fact]
    public void A_message_that_is_sent_and_taken_makes_two_spans_one_below_the_other()
    {
        using var source = new ActivitySource("a message");
        using var listener = new ActivityListener
        {
            ShouldListenTo = listened => listened == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);

        var (span, sent) = MessageSpans.Send(source, Message, TraceContext.Read(Good));
        using var taken = MessageSpans.Process(source, Reread(sent)).ShouldNotBeNull();

        using (span.ShouldNotBeNull())
        {
            (span.DisplayName, span.Kind, span.ParentId).ShouldBe(("send pay-cancel", ActivityKind.Producer, Good));
            (taken.DisplayName, taken.Kind, taken.ParentId).ShouldBe(("process pay-cancel", ActivityKind.Consumer, span.Id));
            taken.TagObjects.ShouldBe([new(MessageSpans.OrderTag, Message.OrderId.Value)]);
        }
    }

    [Fact]
    public void What_is_about_no_order_is_never_traced_because_messages_about_cards_may_be_full()
    {
        using var source = new ActivitySource("cards");
        using var listener = new ActivityListener
        {
            ShouldListenTo = listened => listened == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var other = new DeviceOffline();

        MessageSpans.Send(source, other, TraceContext.Read(Good)).ShouldBe((null, other));
        MessageSpans.Process(source, other).ShouldBeNull();
    }

    private static DeviceMessage Reread(DeviceMessage message)
    {
        DeviceMessageJson.TryRead(DeviceMessageJson.Write(message), out var read, out var error).ShouldBeTrue(error);
        return read;
    }
}
