using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Tests.Merchants;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>Goal: what handlers list by themselves is one's own. Method: two distributors with a merchant each; each asks, and nothing of the other may be in the answer.</summary>
public sealed class LeakTests : IAsyncLifetime
{
    private readonly World _world = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private Side _own = null!;
    private Side _other = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(_world);
        _http = _app.GetTestClient();
        (_own, _other) = (await SideAsync("own"), await SideAsync("other"));
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    [ProvesNoLeak("GET /api/distributors")]
    [ProvesNoLeak("GET /api/applications")]
    [ProvesNoLeak("GET /api/merchants")]
    public async Task A_list_holds_ones_own_and_nothing_of_anybody_else()
    {
        var distributor = await PersonAsync([Role.Distributor], new([_own.Distributor], []));
        var merchant = await PersonAsync([Role.Merchant], new([], [_own.Merchant]));
        await ShouldShowAsync("/api/distributors", distributor, _own.Distributor.Value, _other.Distributor.Value);
        await ShouldShowAsync("/api/applications", distributor, _own.Merchant.Value, _other.Merchant.Value);
        await ShouldShowAsync("/api/merchants", distributor, _own.Merchant.Value, _other.Merchant.Value);
        await ShouldShowAsync("/api/merchants", merchant, _own.Merchant.Value, _other.Merchant.Value);
    }

    [Fact]
    public async Task What_is_ones_own_in_one_role_is_not_listed_for_another()
    {
        var distributor = await PersonAsync([Role.Distributor], new([], [_other.Merchant]));
        var merchant = await PersonAsync([Role.Merchant], new([_other.Distributor], []));

        foreach (var (address, token) in (IEnumerable<(string, string)>)[("/api/distributors", distributor), ("/api/applications", distributor), ("/api/merchants", distributor), ("/api/merchants", merchant)])
            (await AskAsync(HttpMethod.Get, address, token)).ShouldBe((HttpStatusCode.OK, "[]"), address);
    }

    [Fact]
    [ProvesNoLeak("POST /api/applications")]
    public async Task Nobody_files_an_application_for_another_distributor()
    {
        var distributor = await PersonAsync([Role.Distributor], new([_own.Distributor], []));
        var body = SampleApplication.Body(body => body["distributorId"] = _other.Distributor.Value);

        var (status, text) = await AskAsync(HttpMethod.Post, "/api/applications", distributor, body);

        status.ShouldBe(HttpStatusCode.NotFound);
        text.ShouldNotContain(_other.Merchant.Value);
        var others = await PersonAsync([Role.Distributor], new([_other.Distributor], []));
        JsonNode.Parse((await AskAsync(HttpMethod.Get, "/api/applications", others)).Text)!.AsArray().Count.ShouldBe(1, "the one that it filed itself");
    }

    private async Task ShouldShowAsync(string address, string token, string own, string other)
    {
        var (status, text) = await AskAsync(HttpMethod.Get, address, token);
        status.ShouldBe(HttpStatusCode.OK, address);
        text.ShouldContain(own, Case.Sensitive, address);
        text.ShouldNotContain(other, Case.Sensitive, address);
    }

    /// <summary>A distributor with a merchant that is active.</summary>
    private async Task<Side> SideAsync(string name)
    {
        var (_, made) = await AskAsync(HttpMethod.Post, "/api/distributors", token: null, $$"""{"name":"{{name}}"}""", $"make-{name}");
        var distributor = DistributorId.Parse(JsonNode.Parse(made)!["distributorId"]!.GetValue<string>());
        var body = SampleApplication.Body(body => body["distributorId"] = distributor.Value);
        var (_, filed) = await AskAsync(HttpMethod.Post, "/api/applications", token: null, body, $"file-{name}");
        var merchant = MerchantId.Parse(JsonNode.Parse(filed)!["merchantId"]!.GetValue<string>());
        await _world.Tables.GetTableClient("Merchants").AddEntityAsync(new MerchantProfile(merchant, name, "swiftpass", FakeBank.MerchantId, IsActive: true));
        return new(distributor, merchant);
    }

    private async Task<string> PersonAsync(Role[] roles, Own own)
    {
        var person = Guid.NewGuid().ToString();
        await _world.Tables.GetTableClient("Members").AddEntityAsync(
            new Member(person, "somebody", new(own.Distributors.ToHashSet(), own.Merchants.ToHashSet()), IsActive: true, 1));
        return TestTokens.Of(person, _world.Clock.GetUtcNow(), roles);
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpMethod method, string address, string? token, string? body = null, string key = "leak-0001")
    {
        using var request = new HttpRequestMessage(method, address);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private sealed record Side(DistributorId Distributor, MerchantId Merchant);

    private sealed record Own(DistributorId[] Distributors, MerchantId[] Merchants);
}
