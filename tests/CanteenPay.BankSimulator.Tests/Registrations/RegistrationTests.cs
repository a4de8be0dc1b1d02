using System.Text.Json.Nodes;

namespace CanteenPay.BankSimulator.Tests.Registrations;

public sealed class RegistrationTests : IAsyncLifetime
{
    private TestBank _bank = null!;
    private Platform _platform = null!;

    public async Task InitializeAsync()
    {
        _bank = await TestBank.StartAsync();
        _platform = new(_bank);
    }

    [Fact]
    public async Task A_merchant_is_reviewed_when_both_wallets_and_all_pictures_are_there()
    {
        Said(await _platform.AskAsync("mchntAdd", Platform.Merchant("M1"))).ShouldBe("S 0000");
        (await _platform.StateAsync("M1")).ShouldBe("incomplete");
        await _platform.AskAsync("chnlAdd", Platform.Channel("M1", "0005"));
        await _platform.AskAsync("chnlAdd", Platform.Channel("M1", "0007"));
        foreach (var kind in new[] { "licence", "id-front", "id-back" })
            await _platform.SendPictureAsync("M1", kind, Platform.Jpeg);
        (await _platform.StateAsync("M1")).ShouldBe("incomplete", "a card is settled to, and its picture is missing");

        await _platform.SendPictureAsync("M1", "bank-card", Platform.Jpeg);

        (await _platform.StateAsync("M1")).ShouldBe("reviewing");
    }

    [Fact]
    public async Task A_corporate_account_needs_no_picture_of_a_card()
    {
        await _platform.AskAsync("mchntAdd", Platform.Merchant("M1"));
        foreach (var api in new[] { "0005", "0007" })
            await _platform.AskAsync("chnlAdd", Platform.Channel("M1", api, acctType: "2"));
        foreach (var kind in new[] { "licence", "id-front", "id-back" })
            await _platform.SendPictureAsync("M1", kind, Platform.Jpeg);

        (await _platform.StateAsync("M1")).ShouldBe("reviewing");
    }

    [Fact]
    public async Task What_is_asked_twice_is_answered_alike_and_another_merchant_under_the_same_number_is_refused()
    {
        var body = Platform.Merchant("M1");
        Said(await _platform.AskAsync("mchntAdd", body, "T1")).ShouldBe("S 0000");

        Said(await _platform.AskAsync("mchntAdd", body, "T1")).ShouldBe("S 0000", "the very request again");
        Said(await _platform.AskAsync("mchntAdd", body, "T2")).ShouldBe("S 0000", "under a number of its own");
        Said(await _platform.AskAsync("mchntAdd", Platform.Merchant("M2"), "T1")).ShouldBe("E TXNSEQ_REPEAT");
        body["corpName"] = "王强";
        Said(await _platform.AskAsync("mchntAdd", body)).ShouldBe("E MCHNT_EXIST");
        var sign = await _platform.AskAsync("chnlAdd", Platform.Channel("M1", "0005"));
        (await _platform.AskAsync("chnlAdd", Platform.Channel("M1", "0005")))["body"]!.ToString().ShouldBe(sign["body"]!.ToString());
    }

    [Fact]
    public async Task What_the_reviewer_returned_names_its_fields_and_is_reviewed_again_when_it_was_corrected()
    {
        await _platform.RegisterAsync("M1");
        (await _platform.DecideAsync("M1", "return", """{"reasons":[{"field":"contact.phone","text":"号码是空号"}]}""")).ShouldBe(200);

        var returned = await _platform.QueryAsync("M1");
        returned["state"]!.ToString().ShouldBe("returned");
        returned["reasons"]!.AsArray().Single()!.ToJsonString().ShouldBe("""{"field":"contact.phone","text":"\u53F7\u7801\u662F\u7A7A\u53F7"}""");
        (await _platform.DecideAsync("M1", "approve", "{}")).ShouldBe(409, "nobody corrected it");

        var corrected = Platform.Merchant("M1");
        corrected["telephone"] = "13900001234";
        Said(await _platform.AskAsync("mchntUpd", corrected)).ShouldBe("S 0000");
        var again = await _platform.QueryAsync("M1");
        again["state"]!.ToString().ShouldBe("reviewing");
        again["reasons"]!.AsArray().ShouldBeEmpty();
        (await _platform.ApproveAsync("M1")).ShouldMatch("^[1-9][0-9]{9}$");
    }

    [Fact]
    public async Task After_the_end_nothing_is_changed_any_more()
    {
        await _platform.RegisterAsync("M1");
        (await _platform.DecideAsync("M1", "refuse", """{"reason":"行业不受理"}""")).ShouldBe(200);

        (await _platform.QueryAsync("M1"))["reasons"]![0]!["text"]!.ToString().ShouldBe("行业不受理");
        Said(await _platform.AskAsync("mchntUpd", Platform.Merchant("M1"))).ShouldBe("E MCHNT_STATE_ERROR");
        Said(await _platform.AskAsync("chnlAdd", Platform.Channel("M1", "0005"))).ShouldBe("E MCHNT_STATE_ERROR");
        Said(await _platform.SendPictureAsync("M1", "licence", Platform.Jpeg)).ShouldBe("E MCHNT_STATE_ERROR");
        (await _platform.DecideAsync("M1", "approve", "{}")).ShouldBe(409);
    }

    [Theory]
    [InlineData("mchntUpd")]
    [InlineData("chnlAdd")]
    [InlineData("queryMchnt")]
    public async Task A_merchant_that_nobody_added_does_not_exist(string service)
    {
        var body = Platform.Merchant("M1");
        foreach (var (name, value) in Platform.Channel("M1", "0005"))
            body[name] = value!.ToString();

        Said(await _platform.AskAsync(service, body)).ShouldBe("E MCHNT_NOT_EXIST");
    }

    [Theory]
    [InlineData("mchntAdd", "idtCard", "")]
    [InlineData("mchntAdd", "outMchntId", "../M1")]
    [InlineData("chnlAdd", "apiCode", "0008")]
    [InlineData("chnlAdd", "acctType", "3")]
    public async Task A_field_that_is_missing_or_wrong_is_refused(string service, string field, string value)
    {
        await _platform.AskAsync("mchntAdd", Platform.Merchant("M1"));
        var body = service == "chnlAdd" ? Platform.Channel("M1", "0005") : Platform.Merchant("M2");
        body[field] = value;

        Said(await _platform.AskAsync(service, body)).ShouldBe("E PARAM_ERROR");
    }

    [Fact]
    public async Task A_stranger_is_refused_without_a_signature()
    {
        Said(await new Platform(_bank) { PlatformId = "OTHER" }.AskAsync("mchntAdd", Platform.Merchant("M1"))).ShouldBe("E PLATFORM_NOT_EXIST");
        Said(await new Platform(_bank) { SignedWith = "guess" }.AskAsync("mchntAdd", Platform.Merchant("M1"))).ShouldBe("E SIGN_ERROR");
        Said(await new Platform(_bank) { SignedWith = "guess" }.SendPictureAsync("M1", "licence", Platform.Jpeg)).ShouldBe("E SIGN_ERROR");
        Said(await _platform.AskAsync("queryMchnt", new() { ["outMchntId"] = "M1" })).ShouldBe("E MCHNT_NOT_EXIST");
    }

    [Theory]
    [InlineData(301, "E TIMESTAMP_ERROR")]
    [InlineData(-301, "E TIMESTAMP_ERROR")]
    [InlineData(299, "S 0000")]
    public async Task A_clock_may_be_off_by_five_minutes(int seconds, string said) =>
        Said(await _platform.AskAsync("mchntAdd", Platform.Merchant("M1"), clockAhead: TimeSpan.FromSeconds(seconds))).ShouldBe(said);

    [Fact]
    public async Task A_picture_is_a_JPEG_or_a_PNG_of_at_most_8_MB_and_the_one_that_was_signed()
    {
        await _platform.AskAsync("mchntAdd", Platform.Merchant("M1"));
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

        Said(await _platform.SendPictureAsync("M1", "licence", png)).ShouldBe("S 0000");
        Said(await _platform.SendPictureAsync("M1", "licence", "%PDF-1.7"u8.ToArray())).ShouldBe("E PARAM_ERROR");
        Said(await _platform.SendPictureAsync("M1", "passport", png)).ShouldBe("E PARAM_ERROR");
        Said(await _platform.SendPictureAsync("M1", "licence", png, signed: Platform.Jpeg)).ShouldBe("E SIGN_ERROR");
        Said(await _platform.SendPictureAsync("M1", "licence", [.. png, .. new byte[8 * 1024 * 1024]])).ShouldBe("E FORMAT_ERROR");
        Said(await _platform.SendPictureAsync("M2", "licence", png)).ShouldBe("E MCHNT_NOT_EXIST");
    }

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    private static string Said(JsonObject answer) => $"{answer["gateReturnType"]} {answer["gateReturnCode"]}";
}
