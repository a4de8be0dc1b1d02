using System.Text;
using System.Text.Json;
using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Tests;

public sealed class VectorTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "payment-vectors.json"))).RootElement;

    private static readonly SwiftPassChannel Channel = new(new HttpClient(), new SwiftPassOptions(), TimeProvider.System);

    public static TheoryData<string> Cases { get; } = [.. Vectors.GetProperty("swiftpass_md5").GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Fact]
    public void There_are_vectors() => Cases.Count.ShouldBe(5);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_published_document_is_signed_as_published(string name)
    {
        var vector = Case(name);
        var fields = SwiftPassXml.Read(Encoding.UTF8.GetBytes(vector.GetProperty("xml").GetString()!));

        SwiftPassSignature.TextOf(fields).ShouldBe(vector.GetProperty("sign_string_without_key").GetString());
        SwiftPassSignature.Sign(Accounts.Md5(), fields).ShouldBe(vector.GetProperty("sign_in_xml").GetString());
        SwiftPassSignature.Verify(Accounts.Md5(), fields).ShouldBe(vector.GetProperty("valid").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_published_document_is_refused_once_anything_in_it_changed(string name)
    {
        var original = SwiftPassXml.Read(Encoding.UTF8.GetBytes(Case(name).GetProperty("xml").GetString()!));
        var account = Accounts.Md5();

        foreach (var field in original.Keys.Where(k => k != "sign"))
        {
            SwiftPassSignature.Verify(account, new Dictionary<string, string>(original) { [field] = original[field] + "0" }).ShouldBeFalse($"{field} changed");
            SwiftPassSignature.Verify(account, new Dictionary<string, string>(original.Where(f => f.Key != field))).ShouldBeFalse($"{field} removed");
        }

        SwiftPassSignature.Verify(account, new Dictionary<string, string>(original) { ["unknown_field"] = "1" }).ShouldBeFalse();
        SwiftPassSignature.Verify(account, new Dictionary<string, string>(original) { ["sign"] = "" }).ShouldBeFalse();
        SwiftPassSignature.Verify(account, new Dictionary<string, string>(original.Where(f => f.Key != "sign"))).ShouldBeFalse();
        SwiftPassSignature.Verify(account with { Key = Accounts.Key[..^1] + "c" }, original).ShouldBeFalse();
        SwiftPassSignature.Verify(account, new Dictionary<string, string>(original) { ["sign"] = original["sign"].ToLowerInvariant() }).ShouldBeTrue("hex in either case");
    }

    [Fact]
    public void The_published_WeChat_notification_is_a_payment()
    {
        var facts = Channel.ReadNotification(Accounts.Md5(), Xml("wechat_jspay_notify")).ShouldBeOfType<NotificationOutcome.Paid>().Facts;

        facts.ShouldBe(new PaymentFacts
        {
            AmountFen = 1,
            Currency = "CNY",
            MerchantId = "7551000001",
            OrderNo = "58f977e88facf57b7d76edcf",
            Wallet = Wallet.WeChat,
            ChannelTransactionNo = "7551000001201704215167208590",
            WalletTransactionNo = "4009762001201704217784370419",
            PaidAt = new DateTimeOffset(2017, 4, 21, 11, 29, 47, TimeSpan.FromHours(8)),
        });
        facts.PaidAt.Offset.ShouldBe(TimeSpan.FromHours(8));
    }

    [Fact]
    public void The_published_Alipay_notification_with_spaces_between_its_fields_is_a_payment()
    {
        var facts = Channel.ReadNotification(Accounts.Md5(), Xml("alipay_native_notify")).ShouldBeOfType<NotificationOutcome.Paid>().Facts;

        facts.Wallet.ShouldBe(Wallet.Alipay);
        facts.AmountFen.ShouldBe(10);
    }

    [Theory]
    [InlineData("wechat_jspay_notify", "<total_fee><![CDATA[1]]>", "<total_fee><![CDATA[100]]>")]
    [InlineData("alipay_native_notify", "LX123456789", "LX123456780")]
    [InlineData("wechat_native_notify", "<mch_id><![CDATA[7551000001]]></mch_id>", "<mch_id><![CDATA[7551000002]]></mch_id>")]
    [InlineData("wechat_native_notify", "</xml>", "<cash_fee><![CDATA[1]]></cash_fee></xml>")]
    public void A_tampered_notification_is_a_bad_signature(string name, string from, string to)
    {
        var xml = Case(name).GetProperty("xml").GetString()!;
        var tampered = xml.Replace(from, to, StringComparison.Ordinal);
        tampered.ShouldNotBe(xml);

        Channel.ReadNotification(Accounts.Md5(), Encoding.UTF8.GetBytes(tampered))
            .ShouldBeOfType<NotificationOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.BadSignature);
    }

    /// <summary>Alipay signs the same text by the same algorithm once its sign_type is left out: a signature that nobody here made.</summary>
    [Fact]
    public void A_real_SHA256_RSA_signature_over_Chinese_text_verifies_and_a_changed_one_does_not()
    {
        var vector = Vectors.GetProperty("alipay_notify_rsa2");
        var account = Accounts.Rsa() with
        {
            PlatformPublicKeyPem = $"-----BEGIN PUBLIC KEY-----\n{vector.GetProperty("public_key_spki_b64").GetString()}\n-----END PUBLIC KEY-----",
        };
        var fields = vector.GetProperty("content").GetString()!.Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        fields["sign"] = vector.GetProperty("sign").GetString()!;

        SwiftPassSignature.Verify(account, fields).ShouldBeTrue();
        SwiftPassSignature.Verify(account, new Dictionary<string, string>(fields) { ["total_amount"] = "0.20" }).ShouldBeFalse();
        SwiftPassSignature.Verify(account, new Dictionary<string, string>(fields) { ["sign"] = "not base64!" }).ShouldBeFalse();
    }

    private static byte[] Xml(string name) => Encoding.UTF8.GetBytes(Case(name).GetProperty("xml").GetString()!);

    private static JsonElement Case(string name) =>
        Vectors.GetProperty("swiftpass_md5").GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
}
