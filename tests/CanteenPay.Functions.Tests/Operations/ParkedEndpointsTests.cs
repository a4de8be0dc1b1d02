using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Operations;

/// <summary>The operator at 3 a.m. looks at what was parked and sends it again.</summary>
public sealed class ParkedEndpointsTests : IAsyncLifetime
{
    private readonly World _world = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(_world);
        _http = _app.GetTestClient();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task A_message_that_was_parked_is_shown_with_its_reason_and_body_and_can_be_sent_again_as_it_was()
    {
        var request = World.Request();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId }, sender: World.OtherMachine);

        var listed = (await ListAsync()).ShouldHaveSingleItem()!;
        listed["source"]!.GetValue<string>().ShouldBe("device-payments");
        listed["reason"]!.GetValue<string>().ShouldContain("another machine's");
        listed["canSendAgain"]!.GetValue<bool>().ShouldBeTrue();
        var address = AddressOf(listed);
        var body = (await _http.GetFromJsonAsync<JsonNode>(address))!["body"]!.GetValue<string>();
        body.ShouldContain("clientname");

        using var answer = await _http.PostAsync($"{address}/send-again", content: null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        _world.ServiceBus.Sent("device-payments").ShouldHaveSingleItem().Body.ToString().ShouldBe(body);
        (await ListAsync())[0]!["sentAgain"]!.GetValue<int>().ShouldBe(1);
        var audited = JsonNode.Parse(await _http.GetStringAsync("/api/audit/2026-11-22"))!["entries"]![1]!;
        audited["before"]!.GetValue<string>().ShouldContain("\"sentAgain\":0");
        audited["after"]!.GetValue<string>().ShouldSatisfyAllConditions(
            after => after.ShouldContain("\"source\":\"device-payments\""),
            after => after.ShouldContain("\"sentAgain\":1"),
            after => after.ShouldContain("\"reason\":\"***\""));
    }

    [Fact]
    public async Task Two_people_who_send_it_again_at_once_send_it_once_and_later_once_more()
    {
        await _world.DeviceSaysAsync(new PayCancel { OrderId = World.Request().OrderId }, sender: World.OtherMachine);
        var address = AddressOf((await ListAsync())[0]!);
        var raced = false;
        _world.ServiceBus.BeforeOperation = async _ =>
        {
            if (raced)
                return;
            raced = true;
            using var other = await _http.PostAsync($"{address}/send-again", content: null);
            other.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        };

        using var first = await _http.PostAsync($"{address}/send-again", content: null);
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        _world.ServiceBus.Sent("device-payments").Count.ShouldBe(1);

        using var later = await _http.PostAsync($"{address}/send-again", content: null);
        _world.ServiceBus.Sent("device-payments").Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_payment_that_needs_a_decision_is_no_message_to_send()
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        _world.Bank.Distort = facts => facts with { AmountFen = 1 };
        await _world.BankNotifiesAsync(request.OrderId);
        var listed = (await ListAsync()).ShouldHaveSingleItem()!;
        listed["canSendAgain"]!.GetValue<bool>().ShouldBeFalse();

        using var answer = await _http.PostAsync($"{AddressOf(listed)}/send-again", content: null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("decide");
    }

    [Fact]
    public async Task What_somebody_has_dealt_with_waits_no_more_until_it_comes_again()
    {
        var item = new ParkedItem(World.Noon, "orders", "1", "the channel is silent", BinaryData.FromString("{}"));
        await _world.Get<ParkedStore>().KeepAsync(item, default);
        var address = AddressOf((await ListAsync())[0]!);

        (await SettleAsync(address, "银行确认未付款")).ShouldBe(HttpStatusCode.OK);

        (await OpenAsync()).ShouldBeEmpty();
        var settled = (await ListAsync()).ShouldHaveSingleItem()!;
        (settled["note"]!.GetValue<string>(), settled["settledBy"]!.GetValue<string>().Length > 0).ShouldBe(("银行确认未付款", true));
        (await SettleAsync(address, "again")).ShouldBe(HttpStatusCode.Conflict);
        await _world.Get<ParkedStore>().KeepAsync(item, default);
        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_item_that_comes_again_while_somebody_settles_it_is_not_settled()
    {
        var item = new ParkedItem(World.Noon, "orders", "1", "the channel is silent", BinaryData.FromString("{}"));
        await _world.Get<ParkedStore>().KeepAsync(item, default);
        var address = AddressOf((await ListAsync())[0]!);
        var raced = false;
        _world.Tables.BeforeOperation = async operation =>
        {
            if (raced || !operation.StartsWith("Parked.Update", StringComparison.Ordinal))
                return;
            raced = true;
            await _world.Get<ParkedStore>().KeepAsync(item, default);
        };

        (await SettleAsync(address, "dealt with")).ShouldBe(HttpStatusCode.Conflict);

        raced.ShouldBeTrue();
        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_settles_says_what_was_done_and_of_what()
    {
        var item = new ParkedItem(World.Noon, "orders", "1", "the channel is silent", BinaryData.FromString("{}"));
        await _world.Get<ParkedStore>().KeepAsync(item, default);
        var address = AddressOf((await ListAsync())[0]!);

        (await SettleAsync(address, "  ")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SettleAsync(address, new string('x', ParkedSettled.LongestNote + 1))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SettleAsync("/api/parked/2026-11-22/nothing", "done")).ShouldBe(HttpStatusCode.NotFound);
        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("/api/parked?day=tomorrow", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/api/parked/2026-13-01/x", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/api/parked/2026-11-22/nothing", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_is_said_to_be_not_there(string address, HttpStatusCode status)
    {
        using var answer = await _http.GetAsync(address);
        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_shown_as_base64()
    {
        var item = new ParkedItem(World.Noon, "device-status", "1", "why", BinaryData.FromBytes(new byte[] { 0xff, 0x00 }));
        await _world.Tables.GetTableClient("Parked").AddEntityAsync(item);

        (await _http.GetFromJsonAsync<JsonNode>($"/api/parked/2026-11-22/{item.Key}"))!["body"]!.GetValue<string>().ShouldBe("base64:/wA=");
    }

    private async Task<HttpStatusCode> SettleAsync(string address, string note)
    {
        using var answer = await _http.PostAsJsonAsync($"{address}/settled", new { note });
        return answer.StatusCode;
    }

    private async Task<JsonArray> OpenAsync() => (await _http.GetFromJsonAsync<JsonArray>("/api/parked?day=2026-11-22&open=true"))!;

    private async Task<JsonArray> ListAsync() => (await _http.GetFromJsonAsync<JsonArray>("/api/parked?day=2026-11-22"))!;

    private static string AddressOf(JsonNode item) => $"/api/parked/2026-11-22/{Uri.EscapeDataString(item["key"]!.GetValue<string>())}";
}
