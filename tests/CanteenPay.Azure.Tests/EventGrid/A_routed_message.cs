using Azure.Messaging;
using CanteenPay.Azure.EventGrid;

namespace CanteenPay.Azure.Tests.EventGrid;

public sealed class A_routed_message
{
    private const string Head = """{"specversion":"1.0","id":"9aeb","time":"2026-11-22T02:00:00Z","type":"MQTT.EventPublished","source":"ns",""";
    private const string Subject = "\"subject\":\"canteen/v1/devices/M01/up/payments\",";

    [Theory]
    [InlineData("\"clientname\":\"M01\",\"mqttpfi\":0,\"datacontenttype\":\"application/octet-stream\",\"data_base64\":\"eyJ2IjoxfQ==\"}")]
    [InlineData("\"clientname\":\"M01\",\"mqttpfi\":1,\"data\":{\"v\":1}}")]
    public void Is_read_from_both_forms_of_data(string tail)
    {
        var message = Read(Head + Subject + tail);
        (message.ClientName, message.Topic, message.Payload.ToString()).ShouldBe(("M01", "canteen/v1/devices/M01/up/payments", "{\"v\":1}"));
        message.Time.ShouldBe(new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(Head + Subject + "\"data\":{\"clientname\":\"M02\"}}", "client name")]
    [InlineData(Head + Subject + "\"clientname\":\"\",\"data\":{}}", "client name")]
    [InlineData(Head + Subject + "\"clientname\":7,\"data\":{}}", "client name")]
    [InlineData(Head + "\"clientname\":\"M01\",\"data\":{}}", "topic")]
    [InlineData(Head + Subject + "\"clientname\":\"M01\"}", "payload")]
    [InlineData(Head + Subject + "\"clientname\":\"M01\",\"data_base64\":\"\"}", "payload")]
    public void Without_its_brokers_word_is_refused(string json, string words) =>
        Should.Throw<RoutedMessageException>(() => Read(json)).Message.ShouldContain(words);

    [Fact]
    public void Larger_than_MQTT_allows_is_refused() => Should.Throw<RoutedMessageException>(
        () => Read(Head + Subject + $"\"clientname\":\"M01\",\"data\":\"{new string('x', RoutedMessage.MaxPayloadBytes)}\"}}")).Message.ShouldContain("payload");

    private static RoutedMessage Read(string json) => RoutedMessage.Read(CloudEvent.Parse(new BinaryData(json))!);
}
