using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Merchants;

namespace CanteenPay.BankSimulator.Tests;

public sealed class SigningTests
{
    private static readonly BankMerchant Demo = new() { MchId = MerchantSystem.DemoId, Name = "演示", Key = MerchantSystem.DemoKey, FeeBasisPoints = 60 };

    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "payment-vectors.json")))
        .RootElement.GetProperty("swiftpass_md5").GetProperty("cases");

    public static TheoryData<string> Cases { get; } = [.. Vectors.EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_published_document_verifies_and_a_tampered_one_does_not(string name)
    {
        var vector = Vectors.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        var fields = BankXml.Parse(Encoding.UTF8.GetBytes(vector.GetProperty("xml").GetString()!))!;

        Encoding.UTF8.GetString(BankSigning.Canonical(fields)).ShouldBe(vector.GetProperty("sign_string_without_key").GetString());
        BankSigning.Sign(Demo, fields).ShouldBe(vector.GetProperty("sign_in_xml").GetString());
        BankSigning.IsSignedBy(Demo, fields).ShouldBeTrue();
        foreach (var field in fields.Keys.Where(k => k != "sign").ToArray())
            BankSigning.IsSignedBy(Demo, new SortedDictionary<string, string>(fields, StringComparer.Ordinal) { [field] = "x" + fields[field] }).ShouldBeFalse(field);
        BankSigning.IsSignedBy(Demo with { Key = "other" }, fields).ShouldBeFalse();
        fields.Remove("sign");
        BankSigning.IsSignedBy(Demo, fields).ShouldBeFalse("unsigned");
    }

    [Fact]
    public void There_are_vectors() => Cases.Count.ShouldBe(5);

    [Fact]
    public async Task An_RSA_merchant_and_the_bank_understand_each_other_and_MD5_does_not_open_that_account()
    {
        using var merchants = RSA.Create(2048);
        using var banks = RSA.Create(2048);
        await using var bank = await TestBank.StartAsync(
            "--Merchants:R1:Key=known", $"--Merchants:R1:MerchantPublicKeyPem={merchants.ExportSubjectPublicKeyInfoPem()}", $"--Merchants:R1:PlatformPrivateKeyPem={banks.ExportPkcs8PrivateKeyPem()}");
        var merchant = new MerchantSystem("R1") { Rsa = (merchants, banks) };

        var answer = merchant.Verified(await bank.PostAsync("/pay/gateway", merchant.Request("unified.trade.query", ("out_trade_no", "X"))));
        answer["err_code"].ShouldBe("ORDERNOTEXIST");
        answer["sign_type"].ShouldBe("RSA_1_256");

        var refused = MerchantSystem.Parse(await bank.PostAsync("/pay/gateway", new MerchantSystem("R1", "known").Request("unified.trade.query", ("out_trade_no", "X"), ("sign_type", "MD5"))));
        refused["status"].ShouldBe("400");
    }

    [Fact]
    public void What_the_bank_writes_is_read_as_it_was_meant()
    {
        var merchant = Demo with { Name = "老王 & 儿子 <食堂> ]]> ]]" };

        var fields = new MerchantSystem().Verified(GatewayAnswer.Signed(merchant, GatewayAnswer.Refused("X", "]]>&<")));

        fields["mch_name"].ShouldBe(merchant.Name);
        fields["err_msg"].ShouldBe("]]>&<");
    }
}
