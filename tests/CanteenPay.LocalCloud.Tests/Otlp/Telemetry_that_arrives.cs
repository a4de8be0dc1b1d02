using System.Text;
using CanteenPay.LocalCloud.Otlp;

namespace CanteenPay.LocalCloud.Tests.Otlp;

/// <summary>What programs send by OTLP. That real ones are understood, the end-to-end tests show.</summary>
public sealed class Telemetry_that_arrives
{
    [Fact]
    public void A_span_is_read_with_its_parent_and_its_events()
    {
        var sent = Field(1, [.. Field(1, Field(1, Attribute("service.name", "agent"))), .. Field(2, Field(2,
            [.. Field(1, [0xab, 0xcd]), .. Field(2, [0x01]), .. Field(4, [0x02]), .. Text(5, "speak"), .. Field(9, Attribute("canteenpay.order.id", "O1")), .. Field(11, Text(2, "qr shown")),
                .. Field(15, [0x18, 0x02])]))]);

        var span = SpanReader.Read(sent).ShouldHaveSingleItem();

        (span.Service, span.TraceId, span.SpanId, span.ParentId, span.Name, span.Failed).ShouldBe(("agent", "abcd", "01", "02", "speak", true));
        span.Attributes["canteenpay.order.id"].ShouldBe("O1");
        span.Events.ShouldHaveSingleItem().Name.ShouldBe("qr shown");
    }

    [Theory]
    [InlineData(new byte[] { 0x0a })]
    [InlineData(new byte[] { 0x0a, 0x05, 0x01 })]
    [InlineData(new byte[] { 0x0f })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f })]
    public void Bytes_that_are_no_telemetry_are_refused(byte[] bytes)
    {
        Should.Throw<InvalidDataException>(() => SpanReader.Read(bytes));
        Should.Throw<InvalidDataException>(() => MetricReader.Read(bytes));
    }

    [Fact]
    public void Only_the_newest_spans_are_kept()
    {
        var book = new SpanBook();
        for (var i = 0; i <= SpanBook.MaxSpans; i++)
            book.Add([Span($"t{i}", $"s{i}", "", $"O{i}") with { Start = (ulong)i }]);

        book.OfOrder("O0").ShouldBeEmpty();
        book.OfOrder("O1").ShouldHaveSingleItem();
        book.NewestOrders(1).ShouldBe([$"O{SpanBook.MaxSpans}"]);
    }

    [Fact]
    public void An_order_shows_its_whole_trace_as_a_tree()
    {
        var book = new SpanBook();
        book.Add([Span("t", "b", "a", null) with { Name = "send", Start = 2_000_000, End = 3_500_000 }, Span("t", "a", "", "O1") with { Name = "press", Start = 0, End = 1_000_000 }, Span("u", "c", "", "O2")]);

        var lines = TraceTree.Write(book.OfOrder("O1")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(["press agent 0.0 1.0", "└─ send agent 2.0 1.5"]);
    }

    [Fact]
    public void Percentiles_are_those_of_all_machines_together()
    {
        Metric Of(string machine, params long[] counts) => new("canteenpay.order.qr.duration", machine, new Dictionary<string, string>(), 1, counts.Sum(), [0.5, 1, 2], counts);
        var book = new MetricBook();
        book.Add([Of("one", 1, 0, 0, 0), Of("two", 0, 40, 1, 0)]);
        // The newest word of a machine replaces its last.
        book.Add([Of("one", 58, 0, 0, 0)]);

        Waiting.Of(book.Of("canteenpay.order.qr.duration")).ShouldBe(new(99, 0.5, 1, 2));
        Waiting.Of([Of("slow", 0, 0, 0, 3)]).ShouldBe(new(3, null, null, null), "it took longer than the last bound");
        Waiting.Of([]).Count.ShouldBe(0);
    }

    [Fact]
    public void Counters_of_all_processes_add_up_and_the_last_sweep_speaks_for_itself()
    {
        Metric Value(string name, string process, ulong time, double value, params (string Key, string Value)[] tags) =>
            new(name, process, tags.ToDictionary(tag => tag.Key, tag => tag.Value), time, value, [], []);
        var book = new MetricBook();
        book.Add([
            Value("canteenpay.order.polls", "one", 1, 3), Value("canteenpay.order.polls", "two", 1, 4),
            Value("canteenpay.order.refusals", "one", 1, 2, ("canteenpay.refusal.code", "request-too-old")),
            Value("canteenpay.order.open", "one", 1, 9, ("canteenpay.order.age", "3m-6m")), Value("canteenpay.order.open", "two", 2, 1, ("canteenpay.order.age", "3m-6m")),
        ]);

        var diners = DinersStatus.Of(book, new());

        diners.Polls.ShouldBe(7);
        diners.Refusals.ShouldBe(new Dictionary<string, long> { ["request-too-old"] = 2 });
        diners.OpenOrders.ShouldBe(new Dictionary<string, long> { ["3m-6m"] = 1 });
    }

    private static Span Span(string trace, string span, string parent, string? order) => new(
        "agent", trace, span, parent, "press", 0, 1, Failed: false, order is null ? [] : new Dictionary<string, string> { ["canteenpay.order.id"] = order }, []);

    private static byte[] Attribute(string key, string value) => [.. Text(1, key), .. Field(2, Text(1, value))];

    private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)(content.Length | 0x80), (byte)(content.Length >> 7), .. content];
}
