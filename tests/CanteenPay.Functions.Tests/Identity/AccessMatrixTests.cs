using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>Goal: nobody can do what the table does not allow. Method: every endpoint that there is, as everybody, through the whole pipeline.</summary>
public sealed partial class AccessMatrixTests : IAsyncLifetime
{
    private static readonly DistributorId OwnDistributor = DistributorId.Parse("DSTR1BTR");
    private static readonly DistributorId OtherDistributor = DistributorId.Parse("0THERDST");
    private static readonly MerchantId OtherMerchant = MerchantId.Parse("0THERMER");
    private static readonly MerchantId NoMerchant = MerchantId.Parse("N0MERCHT");

    private readonly World _world = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private IReadOnlyList<RouteEndpoint> _endpoints = [];

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(_world, new() { Map = app => app.MapGet("/api/unsaid", () => "secret") });
        _http = _app.GetTestClient();
        _endpoints = [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => PathOf(endpoint).StartsWith("/api/", StringComparison.Ordinal))];
        var members = _world.Tables.GetTableClient("Members");
        foreach (var role in Roles.All)
        {
            await members.AddEntityAsync(new Member(
                PersonOf(role), role.ToString(), new(new HashSet<DistributorId> { OwnDistributor }, new HashSet<MerchantId> { World.Merchant }), IsActive: true, 1));
        }

        await FileAsync(World.Merchant, OwnDistributor);
        await FileAsync(OtherMerchant, OtherDistributor);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public void The_table_names_every_endpoint_and_says_of_each_what_the_code_says()
    {
        var table = AccessTable.Read();
        var code = _endpoints.Where(endpoint => PathOf(endpoint) != "/api/unsaid").ToDictionary(NameOf, endpoint => endpoint.Metadata.GetMetadata<Access>());

        code.Keys.Except(table.Keys).ShouldBeEmpty("are in the code and not in the table");
        table.Keys.Except(code.Keys).ShouldBeEmpty("are in the table and not in the code");
        code.Where(endpoint => endpoint.Value is null).Select(endpoint => endpoint.Key).ShouldBeEmpty("do not say who may call them");
        foreach (var (name, access) in code)
        {
            foreach (var role in Roles.All)
                table[name][role].ShouldBe(access!.To.Contains(role) ? AccessTable.All : access.Own.Contains(role) ? AccessTable.Own : AccessTable.Nobody, $"{name} for {role}");
        }
    }

    [Fact]
    public async Task Everyone_may_do_what_the_table_says_and_nothing_else()
    {
        var wrong = new List<string>();
        foreach (var (name, cells) in AccessTable.Read())
        {
            var endpoint = _endpoints.Single(endpoint => NameOf(endpoint) == name);
            var isListed = endpoint.Metadata.GetMetadata<Access>()?.Of == Owner.Listed;
            await ExpectAsync(name, endpoint, role: null, World.Merchant, OwnDistributor, HttpStatusCode.Unauthorized, wrong);
            foreach (var (role, cell) in cells)
            {
                await ExpectAsync(name, endpoint, role, World.Merchant, OwnDistributor, cell == AccessTable.Nobody ? HttpStatusCode.Forbidden : null, wrong);
                HttpStatusCode? foreign = cell switch
                {
                    AccessTable.Nobody => HttpStatusCode.Forbidden,
                    AccessTable.Own when !isListed => HttpStatusCode.NotFound,
                    _ => null,
                };
                await ExpectAsync(name, endpoint, role, OtherMerchant, OtherDistributor, foreign, wrong);
                await ExpectAsync(name, endpoint, role, NoMerchant, DistributorId.Parse("N0D1STRB"), foreign, wrong);
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_somebody_elses_and_what_is_not_there_are_answered_alike()
    {
        using var foreign = await AskAsync(HttpMethod.Get, $"/api/orders/261122{OtherMerchant}DEVMACH10123456789", Role.Merchant);
        using var missing = await AskAsync(HttpMethod.Get, $"/api/orders/261122{NoMerchant}DEVMACH10123456789", Role.Merchant);
        using var nonsense = await AskAsync(HttpMethod.Get, "/api/orders/nonsense", Role.Merchant);

        (await BodyAsync(missing)).ShouldBe(await BodyAsync(foreign));
        (await BodyAsync(nonsense)).ShouldBe(await BodyAsync(foreign));
    }

    [Fact]
    public async Task An_endpoint_that_does_not_say_who_may_call_it_is_refused_even_to_operators()
    {
        using var answer = await AskAsync(HttpMethod.Get, "/api/unsaid", Role.Operator);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("secret");
    }

    private async Task ExpectAsync(
        string name, RouteEndpoint endpoint, Role? role, MerchantId merchant, DistributorId distributor, HttpStatusCode? refusal, List<string> wrong)
    {
        var method = new HttpMethod(name.Split(' ')[0]);
        using var answer = await AskAsync(method, Address(PathOf(endpoint), merchant, distributor), role);
        var isRefused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || answer.StatusCode == HttpStatusCode.NotFound && (await answer.Content.ReadAsStringAsync()).Contains($"\"{Gate.NotYours}\"", StringComparison.Ordinal);
        var isRight = refusal is null ? !isRefused && (int)answer.StatusCode < 500 : isRefused && answer.StatusCode == refusal;
        if (!isRight)
            wrong.Add($"{name} as {role?.ToString() ?? "nobody"} of {merchant}: {(int)answer.StatusCode} instead of {refusal?.ToString() ?? "an answer"}: {await answer.Content.ReadAsStringAsync()}");
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string address, Role? role)
    {
        using var request = new HttpRequestMessage(method, address);
        if (role is { } asking)
            request.Headers.Authorization = new("Bearer", TestTokens.Of(PersonOf(asking), _world.Clock.GetUtcNow(), asking));
        else
            request.Headers.Add(TestApp.NobodyHeader, "1");
        if (method != HttpMethod.Get)
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        return await _http.SendAsync(request);
    }

    private static async Task<string> BodyAsync(HttpResponseMessage answer) => (await answer.Content.ReadAsStringAsync()) + answer.StatusCode;

    private static string Address(string path, MerchantId merchant, DistributorId distributor) => RouteValue().Replace(path, value => value.Groups["name"].Value switch
    {
        "merchantId" or "merchant" => merchant.Value,
        "distributorId" => distributor.Value,
        "orderId" => $"261122{merchant}DEVMACH10123456789",
        "deviceId" or "device" => World.Machine.Value,
        "day" => "2026-11-22",
        "objectId" => TestTokens.Operator,
        "kind" => "licence",
        _ => "0123ABCD",
    });

    private Task<ETag> FileAsync(MerchantId merchant, DistributorId distributor) => _world.Tables.GetTableClient("Merchants").AddEntityAsync(
        new TableEntity(merchant.Value, "application") { ["DistributorId"] = distributor.Value, ["State"] = "refused" });

    private static string PersonOf(Role role) => string.Create(CultureInfo.InvariantCulture, $"22222222-0000-4000-8000-00000000000{(int)role}");

    private static string PathOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.TrimEnd('/');

    private static string NameOf(RouteEndpoint endpoint) => $"{endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single()} {PathOf(endpoint)}";

    [GeneratedRegex(@"\{(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RouteValue();
}
