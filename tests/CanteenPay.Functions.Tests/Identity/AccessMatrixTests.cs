using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

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
            await ExpectAsync(name, endpoint, token: null, World.Merchant, OwnDistributor, HttpStatusCode.Unauthorized, wrong);
            foreach (var (role, cell) in cells)
            {
                await ExpectAsync(name, endpoint, TokenOf(role), World.Merchant, OwnDistributor, cell == AccessTable.Nobody ? HttpStatusCode.Forbidden : null, wrong);
                HttpStatusCode? foreign = cell switch
                {
                    AccessTable.Nobody => HttpStatusCode.Forbidden,
                    AccessTable.Own when !isListed => HttpStatusCode.NotFound,
                    _ => null,
                };
                await ExpectAsync(name, endpoint, TokenOf(role), OtherMerchant, OtherDistributor, foreign, wrong);
                await ExpectAsync(name, endpoint, TokenOf(role), NoMerchant, DistributorId.Parse("N0D1STRB"), foreign, wrong);
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_ones_own_in_one_role_is_not_ones_own_in_another()
    {
        var merchants = new Scope(new HashSet<DistributorId>(), new HashSet<MerchantId> { World.Merchant });
        var distributors = new Scope(new HashSet<DistributorId> { OwnDistributor }, new HashSet<MerchantId>());
        var wrong = new List<string>();
        foreach (var (name, cells) in AccessTable.Read())
        {
            var endpoint = _endpoints.Single(endpoint => NameOf(endpoint) == name);
            if (endpoint.Metadata.GetMetadata<Access>()?.Of is not { } of || of == Owner.Listed)
                continue;
            foreach (var (role, other, scopeOfOther) in (IEnumerable<(Role, Role, Scope)>)[(Role.Merchant, Role.Distributor, distributors), (Role.Distributor, Role.Merchant, merchants)])
            {
                if (cells[role] != AccessTable.Own)
                    continue;
                await ExpectAsync(name, endpoint, await PersonAsync([role], scopeOfOther), World.Merchant, OwnDistributor, HttpStatusCode.NotFound, wrong);
                if (cells[other] == AccessTable.Nobody)
                    await ExpectAsync(name, endpoint, await PersonAsync([role, other], scopeOfOther), World.Merchant, OwnDistributor, HttpStatusCode.NotFound, wrong);
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_list_that_its_handler_keeps_to_ones_own_has_a_test_that_nothing_leaks()
    {
        var listed = _endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<Access>()?.Of == Owner.Listed).Select(NameOf);
        var proved = typeof(AccessMatrixTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetCustomAttributes<ProvesNoLeakAttribute>());

        listed.Except(proved.Select(proof => proof.Endpoint)).ShouldBeEmpty(
            "have no test with [ProvesNoLeak] that somebody else's is neither shown nor done by them: the gate does not look at them");
    }

    [Fact]
    public void Strangers_reach_nothing_but_the_roots_that_are_guarded()
    {
        var roots = typeof(FunctionApp).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance))
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>()
            .Select(trigger => trigger.Route);

        roots.ShouldBe(["api/{*path}", "notify/{*path}", "portal/{*path}", "health/{*path}", "machine/{*path}"], ignoreOrder: true);
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
        string name, RouteEndpoint endpoint, string? token, MerchantId merchant, DistributorId distributor, HttpStatusCode? refusal, List<string> wrong)
    {
        var method = new HttpMethod(name.Split(' ')[0]);
        var audited = await AuditedAsync();
        using var answer = await AskAsync(method, Address(PathOf(endpoint), merchant, distributor), token);
        var isRefused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || answer.StatusCode == HttpStatusCode.NotFound && (await answer.Content.ReadAsStringAsync()).Contains($"\"{Gate.NotYours}\"", StringComparison.Ordinal);
        var isRight = refusal is null ? !isRefused && (int)answer.StatusCode < 500 : isRefused && answer.StatusCode == refusal;
        if (!isRight)
            wrong.Add($"{name} as {Who(token)} of {merchant}: {(int)answer.StatusCode} instead of {refusal?.ToString() ?? "an answer"}: {await answer.Content.ReadAsStringAsync()}");
        // What was asked and what came of it; nothing of what only reads or was refused at the gate.
        var rows = await AuditedAsync() - audited;
        if (rows != (refusal is null && method != HttpMethod.Get ? 2 : 0))
            wrong.Add($"{name} as {Who(token)} of {merchant}: {rows} rows in the audit");
    }

    private async Task<long> AuditedAsync() => (await new AuditStore(_world.Tables).HeadAsync(BusinessDay.Of(_world.Clock.GetUtcNow()), CancellationToken.None))?.Seq ?? 0;

    /// <summary>A token of somebody with these roles and whose they are.</summary>
    private async Task<string> PersonAsync(Role[] roles, Scope scope)
    {
        var person = Guid.NewGuid().ToString();
        await _world.Tables.GetTableClient("Members").AddEntityAsync(new Member(person, "somebody", scope, IsActive: true, 1));
        return TestTokens.Of(person, _world.Clock.GetUtcNow(), roles);
    }

    private static string Who(string? token) =>
        token is null ? "nobody" : string.Join(" and ", new JsonWebToken(token).Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value));

    private string TokenOf(Role role) => TestTokens.Of(PersonOf(role), _world.Clock.GetUtcNow(), role);

    private Task<HttpResponseMessage> AskAsync(HttpMethod method, string address, Role role) => AskAsync(method, address, TokenOf(role));

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string address, string? token)
    {
        using var request = new HttpRequestMessage(method, address);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
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
        new ApplicationRow(merchant, distributor, new(), SealedFields.None, World.Noon) { State = MerchantState.Refused });

    private static string PersonOf(Role role) => string.Create(CultureInfo.InvariantCulture, $"22222222-0000-4000-8000-00000000000{(int)role}");

    private static string PathOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.TrimEnd('/');

    private static string NameOf(RouteEndpoint endpoint) => $"{endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single()} {PathOf(endpoint)}";

    [GeneratedRegex(@"\{(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RouteValue();
}
