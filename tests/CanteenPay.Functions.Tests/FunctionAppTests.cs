using System.Net;
using System.Text;
using CanteenPay.Azure.InMemory;
using CanteenPay.Channels;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;

namespace CanteenPay.Functions.Tests;

/// <summary>The app as the host meets it: only the routes there are.</summary>
public sealed class FunctionAppTests
{
    private const string Notification = "/notify/swiftpass/DEVMERCH";

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("POST", "/Api")]
    [InlineData("POST", "/Notify")]
    [InlineData("POST", "/paymentpoll")]
    [InlineData("GET", "/PaymentPoll")]
    [InlineData("POST", "/api/PaymentPoll")]
    [InlineData("POST", "/notify/PaymentPoll")]
    [InlineData("POST", "/health/PaymentPoll")]
    [InlineData("GET", "/metrics")]
    public async Task What_is_no_route_is_not_found(string method, string path)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await app.GetTestClient().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_invocation_that_came_through_the_front_door_is_not_found()
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/PaymentPoll");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Content = new StringContent("""{"Data":{"step":"{}"},"Metadata":{}}""", Encoding.UTF8, "application/json");

        using var response = await app.GetTestClient().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_bad_order_id_is_said_to_be_one()
    {
        await using var app = await StartAsync();

        using var response = await app.GetTestClient().GetAsync("/api/orders/nonsense");

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync()).ShouldContain("nonsense");
    }

    [Fact]
    public async Task A_merchants_orders_of_a_day_are_listed()
    {
        var tables = new InMemoryTableService();
        await using var app = await StartAsync(tables: tables);
        var order = Payments.Rules.Sample.Paid;
        await tables.GetTableClient("Orders").AddEntityAsync(new OrderRow(order, default));

        var listed = await app.GetTestClient().GetStringAsync("/api/merchants/DEVMERCH/orders?day=2026-11-22");
        var other = await app.GetTestClient().GetStringAsync("/api/merchants/DEVMERCH/orders?day=2026-11-21");

        listed.ShouldContain($"\"orderId\":\"{order.Id}\"");
        listed.ShouldContain("\"amount\":1250");
        other.ShouldBe("[]");
    }

    [Fact]
    public void Accounts_that_sign_by_RSA_are_made_of_their_settings_and_a_missing_key_is_named()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SwiftPass:Gateway"] = "https://bank.example.com/pay/gateway",
            ["SwiftPass:SignType"] = "RSA_1_256",
            ["SwiftPass:PrivateKeys:1"] = "private",
            ["SwiftPass:PlatformPublicKey"] = "public",
        }).Build();

        var account = SwiftPassSettings.Read(settings).AccountOf("1");

        account.ShouldSatisfyAllConditions(
            rsa => rsa.SignType.ShouldBe(SignType.Rsa256),
            rsa => rsa.MerchantPrivateKeyPem.ShouldBe("private"),
            rsa => rsa.PlatformPublicKeyPem.ShouldBe("public"));
        Should.Throw<SettingException>(() => SwiftPassSettings.Read(settings).AccountOf("2")).Message.ShouldContain("SwiftPass:PrivateKeys:2");
    }

    [Theory]
    [InlineData("http://bank.example.com/pay/gateway")]
    [InlineData("bank.example.com")]
    [InlineData("")]
    public void A_gateway_that_is_not_https_is_refused_at_start(string gateway)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["SwiftPass:Gateway"] = gateway }).Build();

        Should.Throw<SettingException>(() => SwiftPassSettings.Read(settings)).Message.ShouldContain("SwiftPass:Gateway");
    }

    [Fact]
    public async Task A_notification_larger_than_64_KB_is_refused_unread()
    {
        await using var app = await StartAsync();

        using var known = new ByteArrayContent(new byte[65 * 1024]);
        using var response = await app.GetTestClient().PostAsync(Notification, known);
        using var chunked = new StreamContent(new MemoryStream(new byte[65 * 1024]));
        chunked.Headers.ContentLength = null;
        using var streamed = await app.GetTestClient().PostAsync(Notification, chunked);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        streamed.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not xml")]
    [InlineData("<xml><status>0</status><result_code>0</result_code><sign>00</sign></xml>")]
    public async Task A_notification_that_cannot_be_believed_is_not_accepted(string body)
    {
        await using var app = await StartAsync();
        using var content = new StringContent(body);

        using var response = await app.GetTestClient().PostAsync(Notification, content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe("fail");
    }

    [Theory]
    [InlineData("/notify/swiftpass/N0THERE0")]
    [InlineData("/notify/alipay/DEVMERCH")]
    [InlineData("/notify/swiftpass/..%2F..")]
    public async Task A_notification_for_nobody_is_not_found(string address)
    {
        await using var app = await StartAsync();
        using var content = new StringContent("x");

        using var response = await app.GetTestClient().PostAsync(address, content);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Health_tells_whether_storage_answers()
    {
        var tables = new InMemoryTableService();
        await using var app = await StartAsync(tables: tables);
        (await app.GetTestClient().GetStringAsync("/health/live")).ShouldBe("live");
        (await app.GetTestClient().GetStringAsync("/health/ready")).ShouldBe("ready");

        tables.BeforeOperation = _ => throw new global::Azure.RequestFailedException(503, "busy");
        using var response = await app.GetTestClient().GetAsync("/health/ready");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public void A_missing_setting_is_named()
    {
        var missing = Should.Throw<SettingException>(() => FunctionApp.Build(["--Tables", "UseDevelopmentStorage=true"]));

        missing.Message.ShouldContain("ServiceBus");
    }

    [Fact]
    public void A_secret_that_Azure_could_not_fetch_is_named_and_never_used_as_a_key()
    {
        const string Reference = "@Microsoft.KeyVault(VaultName=cp-prod;SecretName=swiftpass-key-7500000001)";

        var unresolved = Should.Throw<SettingException>(
            () => FunctionApp.Build([.. TestApp.Settings("Production"), "--SwiftPass:Keys:7500000001", Reference]));

        unresolved.Message.ShouldContain("SwiftPass:Keys:7500000001");
        unresolved.Message.ShouldContain("swiftpass-key-7500000001");
    }

    private static Task<WebApplication> StartAsync(string environment = "Development", InMemoryTableService? tables = null) => TestApp.StartAsync(environment, tables);
}
