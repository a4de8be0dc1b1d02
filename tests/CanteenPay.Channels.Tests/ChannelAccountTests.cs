using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Tests;

public sealed class ChannelAccountTests
{
    private readonly SwiftPassChannel _channel = new(new HttpClient(), new SwiftPassOptions(), TimeProvider.System);

    [Fact]
    public void An_account_never_prints_its_secrets()
    {
        $"{Accounts.Md5()}".ShouldNotContain(Accounts.Key);
        $"{Accounts.Rsa()}".ShouldNotContain("KEY-----");
        $"{Accounts.Md5()}".ShouldContain(Accounts.MerchantId);
    }

    public static TheoryData<string, ChannelAccount> Wrong { get; } = new()
    {
        { "plain http to another machine", Accounts.Md5("http://pay.example/pay/gateway") },
        { "another scheme", Accounts.Md5("ftp://127.0.0.1/pay/gateway") },
        { "another channel", Accounts.Md5() with { Channel = "wechat" } },
        { "no merchant", Accounts.Md5() with { MerchantId = "" } },
        { "no key", Accounts.Md5() with { Key = null } },
        { "an empty key", Accounts.Md5() with { Key = "" } },
        { "no private key", Accounts.Rsa() with { MerchantPrivateKeyPem = null } },
        { "a private key that is none", Accounts.Rsa() with { MerchantPrivateKeyPem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task An_account_that_is_wrong_is_told_before_anything_is_sent(string why, ChannelAccount account)
    {
        var problem = await Should.ThrowAsync<ArgumentException>(() => _channel.QueryAsync(account, Orders.No, CancellationToken.None), why);

        problem.Message.ShouldNotContain(Accounts.Key);
    }

    [Fact]
    public void A_notification_for_an_account_without_a_public_key_is_a_configuration_error() =>
        Should.Throw<ArgumentException>(() => _channel.ReadNotification(
            Accounts.Rsa() with { PlatformPublicKeyPem = null }, Documents.Signed(Accounts.Rsa(), Documents.Payment(Orders.No, ("pay_result", "0")))));

    [Fact]
    public void A_time_out_outside_its_limits_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new SwiftPassChannel(new HttpClient(), new SwiftPassOptions { Timeout = TimeSpan.Zero }, TimeProvider.System));
        Should.Throw<ArgumentOutOfRangeException>(() => new SwiftPassChannel(new HttpClient(), new SwiftPassOptions { Timeout = TimeSpan.FromMinutes(2) }, TimeProvider.System));
    }
}
