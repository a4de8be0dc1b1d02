namespace CanteenPay.Protocol.Tests;

public sealed class IdTests
{
    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");
    private static readonly DeviceId Device = DeviceId.Parse("DEVMACH1");

    [Fact]
    public void An_order_id_has_32_characters_and_names_day_merchant_and_machine()
    {
        var id = OrderId.New(new DateOnly(2026, 11, 22), Merchant, Device);

        id.Value.Length.ShouldBe(32);
        id.Day.ShouldBe(new DateOnly(2026, 11, 22));
        id.Merchant.ShouldBe(Merchant);
        id.Device.ShouldBe(Device);
        OrderId.Parse(id.Value).ShouldBe(id);
    }

    [Fact]
    public void Two_orders_of_a_machine_have_different_ids() =>
        Enumerable.Range(0, 1000).Select(_ => OrderId.New(new DateOnly(2026, 11, 22), Merchant, Device)).Distinct().Count().ShouldBe(1000);

    [Fact]
    public void Whoever_draws_the_random_part_must_draw_it_from_the_alphabet()
    {
        var day = new DateOnly(2026, 11, 22);

        OrderId.New(day, Merchant, Device, length => new string('7', length)).Value.ShouldEndWith("7777777777");
        Should.Throw<FormatException>(() => OrderId.New(day, Merchant, Device, length => new string('U', length)));
        Should.Throw<FormatException>(() => OrderId.New(day, Merchant, Device, _ => "7"));
    }

    [Theory]
    [InlineData("devmerch")]
    [InlineData("DEVMERC")]
    [InlineData("DEVMERCHX")]
    [InlineData("DEVMERCI")]
    [InlineData("DEV/ERCH")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_not_a_merchant_id_is_refused(string? text) => MerchantId.TryParse(text, null, out _).ShouldBeFalse();

    [Theory]
    [InlineData("261322DEVMERCHDEVMACH10123456789")]
    [InlineData("26112DEVMERCHDEVMACH10123456789A")]
    [InlineData("261122DEVMERCHDEVMACH1012345678")]
    [InlineData("261122DEVMERCHDEVMACH1012345678'")]
    public void What_is_not_an_order_id_is_refused(string text)
    {
        OrderId.TryParse(text, null, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => OrderId.Parse(text)).Message.ShouldContain(text);
    }

    [Theory]
    [InlineData(1, "261122DEVMERCHDEVMACH10123456789.r1", "261122DEVMACH10123456789R1")]
    [InlineData(50, "261122DEVMERCHDEVMACH10123456789.r50", "261122DEVMACH10123456789R50")]
    public void A_refund_id_names_its_order_and_number_and_fits_the_channel(int number, string text, string channelNo)
    {
        var id = new RefundId(OrderId.Parse("261122DEVMERCHDEVMACH10123456789"), number);

        (id.Value, id.ChannelNo).ShouldBe((text, channelNo));
        id.ChannelNo.Length.ShouldBeLessThanOrEqualTo(32);
        RefundId.Parse(text).ShouldBe(id);
    }

    [Theory]
    [InlineData("261122DEVMERCHDEVMACH10123456789")]
    [InlineData("261122DEVMERCHDEVMACH10123456789.r")]
    [InlineData("261122DEVMERCHDEVMACH10123456789.r0")]
    [InlineData("261122DEVMERCHDEVMACH10123456789.r01")]
    [InlineData("261122DEVMERCHDEVMACH10123456789.r51")]
    [InlineData("261122DEVMERCHDEVMACH10123456789.r-1")]
    [InlineData("261122DEVMERCHDEVMACH10123456789.R1")]
    [InlineData("261322DEVMERCHDEVMACH10123456789.r1")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_not_a_refund_id_is_refused(string? text)
    {
        RefundId.TryParse(text, null, out _).ShouldBeFalse();
        if (text is not null)
            Should.Throw<FormatException>(() => RefundId.Parse(text)).Message.ShouldContain(text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(51)]
    public void An_order_has_refunds_1_to_50(int number) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RefundId(OrderId.Parse("261122DEVMERCHDEVMACH10123456789"), number));

    [Fact]
    public void Refunds_of_different_orders_of_a_machine_have_different_numbers_at_the_channel()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => new RefundId(OrderId.New(new DateOnly(2026, 11, 22), Merchant, Device), 1).ChannelNo);

        ids.Distinct().Count().ShouldBe(1000);
    }

    [Theory]
    [InlineData("2026-11-22T15:59:59Z", "20261122")]
    [InlineData("2026-11-22T16:00:00Z", "20261123")]
    [InlineData("2026-11-22T23:59:59+08:00", "20261122")]
    public void A_business_day_is_the_date_in_Shanghai(string instant, string day) =>
        BusinessDay.Key(BusinessDay.Of(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture))).ShouldBe(day);

    [Theory]
    [InlineData("canteen/v1/devices/DEVMACH1/up/payments", true)]
    [InlineData("canteen/v1/devices/devmach1/up/payments", false)]
    [InlineData("canteen/v1/devices//up/payments", false)]
    [InlineData("canteen/v1/devices/DEVMACH1", false)]
    [InlineData("canteen/v1/merchants/DEVMERCH/cards", false)]
    public void The_machine_is_read_from_its_topics_only(string topic, bool found) => Topics.TryGetDevice(topic, out _).ShouldBe(found);
}
