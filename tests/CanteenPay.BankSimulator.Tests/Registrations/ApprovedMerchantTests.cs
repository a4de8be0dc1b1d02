namespace CanteenPay.BankSimulator.Tests.Registrations;

public sealed class ApprovedMerchantTests
{
    [Fact]
    public async Task A_merchant_that_was_approved_takes_payments_at_once_and_only_under_its_service_providers_key()
    {
        await using var bank = await TestBank.StartAsync();
        var mchId = await ApprovedAsync(bank);
        bank.Merchant = OfAgent(mchId, "b8a9d1f06e1c4b7a8b2f8d8f7c1e2a35");

        var created = await bank.AskAsync("unified.trade.native", [.. TestBank.Order("A1"), ("sign_agentno", Platform.AgentNo)]);

        created["result_code"].ShouldBe("0", created.GetValueOrDefault("err_msg"));
        created["sign_agentno"].ShouldBe(Platform.AgentNo);
        (await bank.Http.GetStringAsync(new Uri(created["code_url"]).AbsolutePath)).ShouldContain("青松食堂");
        (await RefusedAsync(bank, OfAgent(mchId, "other"), Platform.AgentNo)).ShouldBe("签名错误");
        (await RefusedAsync(bank, OfAgent(mchId, "b8a9d1f06e1c4b7a8b2f8d8f7c1e2a35"), agentNo: "")).ShouldBe("签名错误", "without the provider's number there is no key");
        (await RefusedAsync(bank, OfAgent("7551000001", "b8a9d1f06e1c4b7a8b2f8d8f7c1e2a35"), Platform.AgentNo)).ShouldBe("签名错误", "not that provider's merchant");
    }

    [Fact]
    public async Task Its_notifications_are_signed_by_the_service_provider()
    {
        await using var bank = await TestBank.StartAsync();
        await using var system = await MerchantListener.StartAsync();
        var mchId = await ApprovedAsync(bank);
        bank.Merchant = OfAgent(mchId, "b8a9d1f06e1c4b7a8b2f8d8f7c1e2a35");
        await bank.AskAsync("unified.trade.native", [.. TestBank.Order("A1", ("notify_url", system.Url)), ("sign_agentno", Platform.AgentNo)]);

        await bank.PayAsync("A1");

        await Wait.Until(() => !system.Received.IsEmpty);
        var told = bank.Merchant.Verified(system.Received.First());
        (told["mch_id"], told["sign_agentno"]).ShouldBe((mchId, Platform.AgentNo));
    }

    [Fact]
    public async Task With_a_folder_a_bank_that_was_started_again_knows_its_merchants_and_those_it_reviews()
    {
        var folder = Directory.CreateTempSubdirectory("bank-");
        try
        {
            string mchId;
            await using (var bank = await TestBank.StartAsync("--Registration:Folder", folder.FullName))
            {
                mchId = await ApprovedAsync(bank);
                await new Platform(bank).RegisterAsync("M2");
            }

            await using var again = await TestBank.StartAsync("--Registration:Folder", folder.FullName);
            again.Merchant = OfAgent(mchId, "b8a9d1f06e1c4b7a8b2f8d8f7c1e2a35");
            (await again.AskAsync("unified.trade.native", [.. TestBank.Order("A1"), ("sign_agentno", Platform.AgentNo)]))["result_code"].ShouldBe("0");
            (await again.Http.GetByteArrayAsync("/review/M2/picture/licence")).ShouldBe(Platform.Jpeg);
            if (!OperatingSystem.IsWindows())
                folder.GetFiles().ShouldAllBe(file => file.UnixFileMode == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--Registration:AgentNo", "123", "Agents:123:Key")]
    [InlineData("--Registration:Key", "", "Registration:Key")]
    [InlineData("--Agents:9:Name", "no key", "Agents:9:Key")]
    [InlineData("--Merchants:2:AgentNo", "123", "Agents:123:Key")]
    public void A_wrong_setting_is_named(string setting, string value, string named) =>
        Should.Throw<BankSettingsException>(() => Bank.Build([setting, value])).Message.ShouldContain(named);

    private static MerchantSystem OfAgent(string mchId, string key) => new(mchId, key);

    private static async Task<string> ApprovedAsync(TestBank bank)
    {
        var platform = new Platform(bank);
        await platform.RegisterAsync("M1");
        return await platform.ApproveAsync("M1");
    }

    private static async Task<string> RefusedAsync(TestBank bank, MerchantSystem merchant, string agentNo) => MerchantSystem.Parse(
        await bank.PostAsync("/pay/gateway", merchant.Request("unified.trade.query", ("out_trade_no", "A1"), ("sign_agentno", agentNo))))["message"];
}
