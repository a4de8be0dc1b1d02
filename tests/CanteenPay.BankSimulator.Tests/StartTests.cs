using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace CanteenPay.BankSimulator.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_bank_on_a_free_port_tells_where_it_listens_and_its_QR_leads_there()
    {
        var folder = Directory.CreateTempSubdirectory("bank");
        try
        {
            var ready = Path.Combine(folder.FullName, "ready.json");
            await using var app = Bank.Build(["--urls", "http://127.0.0.1:0", "--ready-file", ready], b => b.Logging.ClearProviders());
            await app.StartAsync();
            await Wait.Until(() => File.Exists(ready));
            var url = JsonNode.Parse(await File.ReadAllTextAsync(ready))!["url"]!.GetValue<string>();
            url.ShouldBe(app.Urls.Single());

            using var http = new HttpClient();
            var merchant = new MerchantSystem();
            using var content = new ByteArrayContent(merchant.Request(
                "unified.trade.native", ("out_trade_no", "A1"), ("body", "b"), ("total_fee", "1"), ("mch_create_ip", "10.0.0.7"), ("notify_url", "http://127.0.0.1")));
            using var created = await http.PostAsync(url + "/pay/gateway", content);
            var answer = merchant.Verified(await created.Content.ReadAsStringAsync());

            answer["code_url"].ShouldStartWith(url + "/q/");
            (await http.GetStringAsync(answer["code_url"])).ShouldContain("¥0.01");
            (await http.GetFromJsonAsync<JsonNode>(url + "/control/orders"))!.AsArray().Count.ShouldBe(1);
            var status = await http.GetStringAsync(url);
            status.ShouldContain("银杏食堂");
            status.ShouldContain("A1");
            status.ShouldNotContain(MerchantSystem.DemoKey);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--TimeScale", "0", "TimeScale")]
    [InlineData("--TimeScale", "fast", "TimeScale")]
    [InlineData("--NotificationsEnabled", "maybe", "NotificationsEnabled")]
    [InlineData("--PublicUrl", "bank.example", "PublicUrl")]
    [InlineData("--Merchants:2:Name", "No key", "Merchants:2:Key")]
    [InlineData("--Merchants:7551000001:FeeBasisPoints", "-1", "FeeBasisPoints")]
    [InlineData("--Merchants:2:PlatformPrivateKeyPem", "x", "MerchantPublicKeyPem")]
    public void A_wrong_setting_is_named(string setting, string value, string named) =>
        Should.Throw<BankSettingsException>(() => Bank.Build([setting, value])).Message.ShouldContain(named);

    [Theory]
    [InlineData("{\"wallet\":\"cash\"}")]
    [InlineData("{}")]
    [InlineData("nothing")]
    public async Task A_control_command_that_makes_no_sense_is_refused(string body)
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await bank.Http.PostAsync("/control/orders/A1/pay", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await bank.StateAsync("A1")).ShouldBe("NOTPAY");
    }

    [Theory]
    [InlineData("10.0.0.9", "/", 404)]
    [InlineData("10.0.0.9", "/control/orders", 404)]
    [InlineData("10.0.0.9", "/CONTROL/orders", 404)]
    [InlineData("127.0.0.1", "/control/orders", 200)]
    [InlineData("::1", "/", 200)]
    public async Task Another_machine_reaches_neither_the_control_interface_nor_the_status_page(string from, string path, int status)
    {
        await using var bank = await TestBank.StartAsync();

        (await bank.StatusFromAsync(IPAddress.Parse(from), path)).ShouldBe(status);
    }

    [Fact]
    public async Task Another_machine_reaches_the_pay_page()
    {
        await using var bank = await TestBank.StartAsync();

        (await bank.StatusFromAsync(IPAddress.Parse("10.0.0.9"), await bank.CreateAsync("A1"))).ShouldBe(200);
    }

    [Fact]
    public async Task An_order_that_nobody_made_is_not_found()
    {
        await using var bank = await TestBank.StartAsync();

        using var answer = await bank.Http.GetAsync("/control/orders/A1");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
