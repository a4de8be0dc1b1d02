using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments.Rules;

public sealed class RequestRulesTests
{
    private static readonly DeviceId Device = Sample.Id.Device;
    private static readonly MerchantId Merchant = Sample.Id.Merchant;
    private static readonly DeviceProfile Enrolled = new(Device, Merchant, "一号窗口", IsActive: true);
    private static readonly MerchantProfile Active = new(Merchant, "示范食堂", "swiftpass", Sample.ChannelMerchant, IsActive: true);

    private static readonly PayRequest Request = new()
    {
        OrderId = Sample.Id,
        MerchantId = Merchant,
        Amount = new Fen(1250),
        RequestedAt = Sample.Noon,
        ExpiresInS = 120,
    };

    [Fact]
    public void A_request_of_an_enrolled_machine_for_its_own_merchant_is_accepted() => Refusal(Request).ShouldBeNull();

    [Fact]
    public void A_machine_that_is_unknown_blocked_or_speaks_for_another_is_refused()
    {
        var other = DeviceId.Parse("DEVMACH2");
        RequestRules.Refusal(Request, Device, Sample.Noon, null, Active, Sample.Noon).ShouldBe(RefusalCode.DeviceNotAllowed);
        RequestRules.Refusal(Request, Device, Sample.Noon, Enrolled with { IsActive = false }, Active, Sample.Noon).ShouldBe(RefusalCode.DeviceNotAllowed);
        RequestRules.Refusal(Request, other, Sample.Noon, Enrolled with { Id = other }, Active, Sample.Noon).ShouldBe(RefusalCode.DeviceNotAllowed);
        Refusal(Request with { MerchantId = MerchantId.Parse("0THER000") }).ShouldBe(RefusalCode.DeviceNotAllowed);
        RequestRules.Refusal(Request, Device, Sample.Noon, Enrolled with { Merchant = MerchantId.Parse("0THER000") }, Active, Sample.Noon)
            .ShouldBe(RefusalCode.DeviceNotAllowed);
    }

    [Fact]
    public void A_merchant_that_is_not_active_is_refused()
    {
        RequestRules.Refusal(Request, Device, Sample.Noon, Enrolled, null, Sample.Noon).ShouldBe(RefusalCode.MerchantNotActive);
        RequestRules.Refusal(Request, Device, Sample.Noon, Enrolled, Active with { IsActive = false }, Sample.Noon).ShouldBe(RefusalCode.MerchantSuspended);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_000_000)]
    public void An_amount_that_cannot_be_keyed_is_refused(long fen) => Refusal(Request with { Amount = new Fen(fen) }).ShouldBe(RefusalCode.AmountNotAllowed);

    [Theory]
    [InlineData(59, RefusalCode.BadRequest)]
    [InlineData(60, null)]
    [InlineData(240, null)]
    [InlineData(241, RefusalCode.BadRequest)]
    public void A_screen_shows_a_QR_between_a_minute_and_the_close(int seconds, string? code) => Refusal(Request with { ExpiresInS = seconds }).ShouldBe(code);

    [Fact]
    public void A_request_older_than_30_seconds_by_the_brokers_time_is_refused_whatever_the_machines_clock_says()
    {
        Refusal(Request, sentAt: Sample.Noon.AddSeconds(-31)).ShouldBe(RefusalCode.RequestTooOld);
        Refusal(Request with { RequestedAt = Sample.Noon.AddHours(-9) }).ShouldBeNull();
    }

    [Theory]
    [InlineData("261120DEVMERCHDEVMACH10123456789", false)]
    [InlineData("261121DEVMERCHDEVMACH10123456789", true)]
    [InlineData("261123DEVMERCHDEVMACH10123456789", true)]
    [InlineData("261124DEVMERCHDEVMACH10123456789", false)]
    public void An_order_dated_more_than_a_day_off_is_refused(string id, bool accepted) =>
        (Refusal(Request with { OrderId = OrderId.Parse(id) }) is null).ShouldBe(accepted);

    private static string? Refusal(PayRequest request, DateTimeOffset? sentAt = null) =>
        RequestRules.Refusal(request, Device, sentAt ?? Sample.Noon, Enrolled, Active, Sample.Noon);
}
