using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary><c>POST /api/orders/{id}/refunds</c>.</summary>
public sealed class RefundEndpointTests : IAsyncLifetime
{
    private readonly World _world = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private OrderId _order;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(_world);
        _http = _app.GetTestClient();
        var request = await _world.ShowQrAsync();
        _order = request.OrderId;
        _world.Bank.Pay(_order);
        (await _world.BankNotifiesAsync(_order)).ShouldBeTrue();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task A_refund_is_taken_once_for_a_key_and_listed_with_its_order()
    {
        var (status, first) = await PostAsync("""{"amount":500,"reason":"菜品售罄"}""", "k-1");
        var (again, second) = await PostAsync("""{"amount":500,"reason":"菜品售罄"}""", "k-1");

        (status, again).ShouldBe((HttpStatusCode.Accepted, HttpStatusCode.Accepted));
        second["refundId"]!.GetValue<string>().ShouldBe(first["refundId"]!.GetValue<string>());
        await _world.PassAsync(TimeSpan.FromSeconds(30));
        var listed = JsonNode.Parse(await _http.GetStringAsync($"/api/orders/{_order}/refunds"))!.AsArray().ShouldHaveSingleItem()!;
        listed["state"]!.GetValue<string>().ShouldBe(nameof(RefundState.Refunded));
        listed["reason"]!.GetValue<string>().ShouldBe("菜品售罄");
        JsonNode.Parse(await _http.GetStringAsync($"/api/orders/{_order}"))!["refunded"]!.GetValue<long>().ShouldBe(500);
        var audited = JsonNode.Parse(await _http.GetStringAsync("/api/audit/2026-11-22"))!["entries"]!.AsArray();
        audited[1]!["after"]!.GetValue<string>().ShouldContain("\"amount\":500");
        audited[3]!["after"]!.GetValue<string>().ShouldBe("""{"repeated":true}""", "the change is the first one's");
    }

    [Fact]
    public async Task Too_much_is_refused_with_what_is_left_in_words()
    {
        await PostAsync("""{"amount":1000}""", "a");

        var (status, problem) = await PostAsync("""{"amount":251}""", "b");

        status.ShouldBe(HttpStatusCode.Conflict);
        problem["code"]!.GetValue<string>().ShouldBe(RefusalCode.RefundTooMuch);
        problem["detail"]!.GetValue<string>().ShouldContain("2.50 are left");
    }

    [Theory]
    [InlineData("""{"amount":0}""", "k", "amount")]
    [InlineData("""{"amount":-1}""", "k", "amount")]
    [InlineData("""{}""", "k", "amount")]
    [InlineData("""{"amount":1}""", null, "Idempotency-Key")]
    [InlineData("""{"amount":1}""", "has space", "Idempotency-Key")]
    [InlineData("""{"amount":1}""", "0123456789012345678901234567890123456789012345678901234567890123456789", "Idempotency-Key")]
    [InlineData("""{"amount":1,"reason":"a\nb"}""", "k", "reason")]
    public async Task What_is_wrong_is_named_field_by_field(string body, string? key, string field)
    {
        var (status, problem) = await PostAsync(body, key);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem["errors"]!.AsObject().ShouldHaveSingleItem().Key.ShouldBe(field);
        (await _world.RefundsAsync(_order)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"amount":"12"}""")]
    [InlineData("""{"amount":1.5}""")]
    [InlineData("""{"amount":99999999999999999999}""")]
    [InlineData("null")]
    public async Task A_body_that_cannot_be_read_is_refused_and_changes_nothing(string body)
    {
        var (status, problem) = await PostAsync(body, "k");

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["detail"]!.GetValue<string>().ShouldContain("JSON");
        (await _world.RefundsAsync(_order)).ShouldBeEmpty();
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/orders/{_order}/refunds")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
