using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Views;
using CanteenPay.Functions.Tests.Identity;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Settlement;

/// <summary>Goal: finance reads a day in a minute, others only what is theirs, and nobody can ask for nonsense. Method: the app behind a server in memory, each caller with a token.</summary>
public sealed partial class SettlementEndpointTests : IAsyncLifetime
{
    private const string Day = "2026-11-22";

    private static readonly DistributorId Distributor = DistributorId.Parse("DSTR1BTR"), OtherDistributor = DistributorId.Parse("0THERDST");

    private readonly World _world = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(_world);
        _http = _app.GetTestClient();
        await _world.TermsAsync(World.Merchant, 60, 20, new FeeShare(Distributor, 10), new FeeShare(OtherDistributor, 5));
        await _world.TermsAsync(World.OtherMerchant, 60, 20, new FeeShare(OtherDistributor, 10));
        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 100_000));
        await _world.PostAsync(World.OtherMerchant, World.Today, _world.Paid(World.OtherMerchant, World.Today, 30_000));
        await _world.SettleNightAsync(World.Today);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task Finance_reads_the_whole_day_with_its_split()
    {
        var day = await ReadAsync($"/api/settlements/{Day}", await PersonAsync(Role.Finance));

        ((string?)day["state"]).ShouldBe(DayState.Provisional);
        day["progress"]!.ToJsonString().ShouldBe("""{"statements":2,"merchants":2,"due":0,"failedCount":0,"failed":[]}""");
        var totals = day["totals"]!;
        Amounts(totals, "gross", "fee", "payable", "bankPart", "platformPart").ShouldBe([130_000, 780, 129_220, 260, 340]);
        totals["distributorParts"]!.AsArray().Select(part => ((string?)part!["distributor"], (long)part["part"]!)).ShouldBe([("0THERDST", 80), ("DSTR1BTR", 100)]);
        day["lines"]!.AsArray().Select(line => ((string?)line!["merchantId"], (string?)line["name"])).ShouldBe([("0THERMCH", null), ("DEVMERCH", "示范食堂")]);
        (await ReadAsync($"/api/settlements/{Day}?after=0THERMCH", await PersonAsync(Role.Finance)))["lines"]!.AsArray().Count.ShouldBe(1);
        (await ReadAsync("/api/settlements", await PersonAsync(Role.Finance))).AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_day_without_a_statement_yet_has_sums_of_nothing_for_finance_and_none_for_others()
    {
        var next = World.Today.AddDays(1);
        await _world.PostAsync(World.Merchant, next, _world.Paid(World.Merchant, next, 1000));

        var day = await ReadAsync($"/api/settlements/{next:yyyy-MM-dd}", await PersonAsync(Role.Finance));
        day["lines"]!.AsArray().ShouldBeEmpty();
        day["totals"]!.ToJsonString().ShouldBe(
            """{"paymentCount":0,"refundCount":0,"adjustmentCount":0,"gross":0,"refunds":0,"fee":0,"feeReturned":0,"payable":0,"carriedIn":0,"paidOut":0,"carriedOut":0,"bankPart":0,"distributorParts":[],"platformPart":0}""");
        var others = await ReadAsync($"/api/settlements/{next:yyyy-MM-dd}", await PersonAsync(Role.Distributor, distributor: Distributor));
        Said(others["totals"]!).ShouldNotContain("bankPart");
    }

    [Fact]
    [ProvesNoLeak("GET /api/settlements/{day}")]
    [ProvesNoLeak("GET /api/settlements/{day}/merchants/{merchantId}")]
    public async Task Others_see_what_is_theirs_and_nothing_else()
    {
        // A second revision, whose differences could tell what the statement does not.
        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 1000));
        await _world.SettleNightAsync(World.Today.AddDays(1));
        var merchant = await PersonAsync(Role.Merchant, merchant: World.Merchant);
        var distributor = await PersonAsync(Role.Distributor, distributor: Distributor);
        var nobody = await PersonAsync(Role.Distributor, distributor: DistributorId.Parse("N0D1STRB"));
        foreach (var address in new[] { $"/api/settlements/{Day}", $"/api/settlements/{Day}/merchants/{World.Merchant}" })
        {
            var own = Said(await ReadAsync(address, merchant));
            own.ShouldContain("\"payable\":100394");
            foreach (var hidden in new[] { "ankPart", "platformPart", "istributor", "DSTR1BTR", "0THERMCH", "progress", "bankCost", "terms" })
                own.ShouldNotContain(hidden, Case.Sensitive, address);

            var part = Said(await ReadAsync(address, distributor));
            part.ShouldContain("\"gross\":101000");
            part.ShouldContain("""{"distributor":"DSTR1BTR","part":101}""");
            foreach (var hidden in new[] { "ankPart", "platformPart", "0THERDST", "0THERMCH", "progress", "bankCost", "payable", "\"fee\"", "terms", "Count" })
                part.ShouldNotContain(hidden, Case.Sensitive, address);
        }

        (await ReadAsync($"/api/settlements/{Day}", nobody))["lines"]!.AsArray().ShouldBeEmpty();
        foreach (var token in new[] { merchant, distributor, nobody })
        {
            var (foreignStatus, foreign) = await AskAsync(HttpMethod.Get, $"/api/settlements/{Day}/merchants/{World.OtherMerchant}", token);
            var (_, missing) = await AskAsync(HttpMethod.Get, $"/api/settlements/{Day}/merchants/N0MERCHT", token);
            foreignStatus.ShouldBe(HttpStatusCode.NotFound);
            Words(foreign).ShouldBe(Words(missing).Replace("N0MERCHT", "0THERMCH", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_merchants_day_shows_every_revision_with_its_reason_and_what_it_changed()
    {
        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 1000));
        await _world.SettleNightAsync(World.Today.AddDays(1));

        var view = await ReadAsync($"/api/settlements/{Day}/merchants/{World.Merchant}", await PersonAsync(Role.Operator));

        view["revisions"]!.AsArray().Select(revision => (string?)revision!["reason"]).ShouldBe(["First", "Postings"]);
        view["revisions"]![1]!["changes"]!.AsArray().ShouldContain(change => change!.ToJsonString() == """{"field":"gross","before":"100000","after":"101000"}""");
        view["terms"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("/api/settlements/2026-11-24", HttpStatusCode.UnprocessableEntity, "future")]
    [InlineData("/api/settlements/yesterday", HttpStatusCode.UnprocessableEntity, "date")]
    [InlineData("/api/settlements/0001-01-01", HttpStatusCode.UnprocessableEntity, "date")]
    [InlineData("/api/settlements/2026-11-01", HttpStatusCode.NotFound, "no-business")]
    [InlineData("/api/settlements/2026-11-01/close", HttpStatusCode.NotFound, "no-business")]
    [InlineData("/api/settlements/2026-11-23/close", HttpStatusCode.Conflict, "not-over")]
    public async Task What_cannot_be_asked_for_is_refused_in_words_and_the_old_state_stands(string address, HttpStatusCode status, string code)
    {
        var before = await _world.SettlementRowsAsync();

        var (answered, text) = await AskAsync(HttpMethod.Post, address, await PersonAsync(Role.Finance));

        answered.ShouldBe(status);
        ((string?)JsonNode.Parse(text)!["code"]).ShouldBe(code);
        Words(text).ShouldContain(" / ");
        (await _world.SettlementRowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_unknown_merchant_is_said_to_be_unknown()
    {
        var (status, text) = await AskAsync(HttpMethod.Get, $"/api/settlements/{Day}/merchants/N0MERCHT", await PersonAsync(Role.Finance));

        (status, (string?)JsonNode.Parse(text)!["code"]).ShouldBe((HttpStatusCode.NotFound, "no-merchant"));
    }

    [Fact]
    public async Task Finance_settles_by_hand_and_closes_and_the_audit_says_so()
    {
        var finance = await PersonAsync(Role.Finance);
        (await AskAsync(HttpMethod.Post, $"/api/settlements/{Day}", finance)).Status.ShouldBe(HttpStatusCode.Accepted);
        ((int)(await ReadAsync($"/api/settlements/{Day}", finance))["progress"]!["due"]!).ShouldBe(2);
        (await AskAsync(HttpMethod.Post, $"/api/settlements/{Day}/close", finance)).Status.ShouldBe(HttpStatusCode.Conflict);
        await _world.SettleSentAsync();
        (await AskAsync(HttpMethod.Post, $"/api/settlements/{Day}/close", finance)).Status.ShouldBe(HttpStatusCode.Accepted);
        ((string?)(await ReadAsync($"/api/settlements/{Day}", finance))["state"]).ShouldBe(DayState.Closing);
        await _world.SettleSentAsync();
        await _world.SettleSweepAsync();

        var day = await ReadAsync($"/api/settlements/{Day}", finance);
        ((string?)day["state"], (string?)day["closedBy"]).ShouldBe((DayState.Closed, "周运营"));
        (await AskAsync(HttpMethod.Post, $"/api/settlements/{Day}", finance)).ShouldSatisfyAllConditions(
            answer => answer.Status.ShouldBe(HttpStatusCode.Conflict), answer => answer.Text.ShouldContain("\"closed\""));
        var audit = await _world.Tables.GetTableClient("Audit").QueryAsync<CanteenPay.Azure.Tables.TableEntity>("").ToListAsync();
        audit.ShouldContain(row => row.Any(column => column.Value as string == """{"day":"2026-11-22","state":"closing"}"""));
    }

    private static IEnumerable<long> Amounts(JsonNode node, params string[] names) => names.Select(name => (long)node[name]!);

    /// <summary>What an answer says: what is null says nothing.</summary>
    private static string Said(JsonNode answer) => Nothing().Replace(answer.ToJsonString(), "");

    [GeneratedRegex("\"\\w+\":null,?", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Nothing();

    private static string Words(string problem) => (string)JsonNode.Parse(problem)!["detail"]!;

    private async Task<JsonNode> ReadAsync(string address, string token)
    {
        var (status, text) = await AskAsync(HttpMethod.Get, address, token);
        status.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<string> PersonAsync(Role role, MerchantId? merchant = null, DistributorId? distributor = null)
    {
        var person = Guid.NewGuid().ToString();
        var scope = new Scope(
            distributor is { } company ? new HashSet<DistributorId> { company } : [], merchant is { } canteen ? new HashSet<MerchantId> { canteen } : []);
        await _world.Tables.GetTableClient("Members").AddEntityAsync(new Member(person, "somebody", scope, IsActive: true, 1));
        return TestTokens.Of(person, _world.Clock.GetUtcNow(), role);
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpMethod method, string address, string token)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
