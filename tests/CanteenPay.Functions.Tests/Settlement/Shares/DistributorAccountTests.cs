using System.Net;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Shares;
using CanteenPay.Functions.Tests.Identity;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Settlement.Shares;

/// <summary>A distributor's account through its endpoints: what is posted when, corrected, and paid out.</summary>
public sealed class DistributorAccountTests : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 11, 22);

    private readonly World _world = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private DistributorId _distributor;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(_world);
        _http = _app.GetTestClient();
        _distributor = (await _world.DistributorAsync()).Scope.Distributors.Single();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task Shares_stand_in_the_month_of_their_posting_with_the_balance_after_each()
    {
        await PostAsync(1, Statement(Day, 500), null);
        await PassAsync(TimeSpan.FromHours(1));
        await PostAsync(2, Statement(Day, 480), Statement(Day, 500));
        await PostAsync(1, Statement(Day.AddDays(1), 70), null);

        var account = await AccountAsync();

        account["month"]!.GetValue<string>().ShouldBe("2026-11");
        Lines(account).ShouldBe(["20261122-DEVMERCH-1 500 → 500", "20261122-DEVMERCH-2 -20 → 480", "20261123-DEVMERCH-1 70 → 550"]);
        (Fen(account, "opening"), Fen(account, "closing"), Fen(account["sums"]!, "shares")).ShouldBe((0, 550, 550));
    }

    [Fact]
    public async Task Posting_a_revision_again_changes_nothing_and_another_amount_under_it_is_refused()
    {
        await PostAsync(1, Statement(Day, 500), null);
        await PassAsync(TimeSpan.FromDays(40));
        await PostAsync(1, Statement(Day, 500), null);

        Lines(await AccountAsync("2026-11")).ShouldBe(["20261122-DEVMERCH-1 500 → 500"]);
        Lines(await AccountAsync("2027-01")).ShouldBeEmpty();
        (await Should.ThrowAsync<InvalidOperationException>(() => PostAsync(1, Statement(Day, 499), null))).Message
            .ShouldBe($"The entry 20261122-DEVMERCH-1 of distributor {_distributor} is 500 fen and not 499.");
    }

    [Fact]
    public async Task Who_has_no_part_any_more_gives_back_what_it_had_and_no_change_is_no_entry()
    {
        await PostAsync(1, Statement(Day, 500), null);
        await PostAsync(2, Statement(Day, 500), Statement(Day, 500));
        await PostAsync(3, Statement(Day, null), Statement(Day, 500));

        Lines(await AccountAsync()).ShouldBe(["20261122-DEVMERCH-1 500 → 500", "20261122-DEVMERCH-3 -500 → 0"]);
    }

    [Fact]
    public async Task A_paid_month_never_changes_though_an_old_day_is_settled_anew_and_its_entry_reversed()
    {
        await PostAsync(1, Statement(Day, 500), null);
        await UntilAsync(new(2026, 12, 2));
        var paid = await PayAsync("2026-11");
        (paid.Status, Fen(paid.Body, "amount"), paid.Body["entry"]!.GetValue<string>()).ShouldBe((HttpStatusCode.OK, -500, "paid-202611"));
        var november = (await AccountAsync("2026-11")).ToJsonString();

        await PostAsync(2, Statement(Day, 450), Statement(Day, 500));
        (await ReverseAsync("20261122-DEVMERCH-1", "双重结算")).Status.ShouldBe(HttpStatusCode.Created);

        (await AccountAsync("2026-11")).ToJsonString().ShouldBe(november);
        var december = await AccountAsync("2026-12");
        (Fen(december, "opening"), Fen(december, "closing")).ShouldBe((500, -550));
        var sums = december["sums"]!;
        (Fen(sums, "shares"), Fen(sums, "reversals"), Fen(sums, "payouts")).ShouldBe((-50, -500, -500));
        (await AccountAsync("2026-11")).ToJsonString().ShouldBe(november, "asking changes nothing either");
    }

    [Fact]
    public async Task A_month_is_paid_once_a_day_after_its_end_and_not_before()
    {
        await PostAsync(1, Statement(Day, 500), null);
        await PassAsync(new DateTimeOffset(2026, 12, 1, 23, 59, 59, TimeSpan.FromHours(8)) - _world.Clock.GetUtcNow());
        (await CodeAsync(PayAsync("2026-11"))).ShouldBe("not-over");
        await PassAsync(TimeSpan.FromSeconds(1));

        var first = await PayAsync("2026-11");
        await PassAsync(TimeSpan.FromHours(1));
        var again = await PayAsync("2026-11");

        first.Status.ShouldBe(HttpStatusCode.OK);
        again.Body.ToJsonString().ShouldBe(first.Body.ToJsonString());
        Fen(await AccountAsync("2026-12"), "closing").ShouldBe(0);
        (await CodeAsync(PayAsync("2026-10"))).ShouldBe("later-is-paid");
    }

    [Fact]
    public async Task What_an_unpaid_month_left_is_paid_with_a_later_one_and_never_twice()
    {
        await PostAsync(1, Statement(Day, 500), null);
        await UntilAsync(new(2026, 12, 5));
        await PostAsync(1, Statement(new(2026, 12, 4), 300), null);
        await UntilAsync(new(2027, 1, 2));

        Fen((await PayAsync("2026-11")).Body, "amount").ShouldBe(-500);
        Fen((await PayAsync("2026-12")).Body, "amount").ShouldBe(-300, "December closed with 800, and 500 of them went out in January");
        Fen(await AccountAsync("2027-01"), "closing").ShouldBe(0);
        (await CodeAsync(PayAsync("2027-01"))).ShouldBe("not-over");
    }

    [Fact]
    public async Task Nothing_is_paid_to_who_owes_us_and_what_it_owes_stays_on_the_account()
    {
        await PostAsync(1, Statement(Day, -500), null);
        await UntilAsync(new(2026, 12, 2));

        (await CodeAsync(PayAsync("2026-11"))).ShouldBe("nothing-owed");
        Fen(await AccountAsync("2026-12"), "opening").ShouldBe(-500);
    }

    [Fact]
    public async Task An_entry_is_reversed_once_whoever_asks_and_the_same_request_is_answered_alike()
    {
        await PostAsync(1, Statement(Day, 500), null);
        await PostAsync(1, Statement(Day.AddDays(1), 70), null);

        var first = await ReverseAsync("20261122-DEVMERCH-1", "费率录错", "wrong-rate-1");
        (first.Status, Fen(first.Body, "amount"), first.Body["reverses"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Created, -500, "20261122-DEVMERCH-1"));
        (await ReverseAsync("20261122-DEVMERCH-1", "费率录错", "wrong-rate-1")).Body.ToJsonString().ShouldBe(first.Body.ToJsonString());
        (await CodeAsync(ReverseAsync("20261122-DEVMERCH-1", "费率录错", "wrong-rate-2"))).ShouldBe("reversed");
        (await CodeAsync(ReverseAsync("20261123-DEVMERCH-1", "费率录错", "wrong-rate-1"))).ShouldBe("key-reused");
        (await CodeAsync(ReverseAsync("20261122-DEVMERCH-1", "另一个原因", "wrong-rate-1"))).ShouldBe("key-reused");
        (await ReverseAsync("rev-20261122-DEVMERCH-1", "冲正有误", "mistaken-1")).Status.ShouldBe(HttpStatusCode.Created);

        Fen(await AccountAsync(), "closing").ShouldBe(570);
        foreach (var entry in (string[])["20261122-DEVMERCH-9", "payouts", "request-wrong-rate-1", "", "a'b"])
            (await ReverseAsync(entry, "原因", "no-such-entry")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, entry);
        (await ReverseAsync("20261123-DEVMERCH-1", "", "no-reason-1")).Body["errors"]!["reason"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_long_month_comes_in_pages_whose_balances_go_on()
    {
        var store = _world.Get<ShareStore>();
        for (var at = 0; at < 1_003; at++)
        {
            var day = Day.AddDays(-at);
            await store.InsertAsync(
                new(_distributor, ShareKeys.OfShare(day, World.Merchant, 1), ShareKind.Share, new(1), World.Noon.AddSeconds(at)) { Day = day, Merchant = World.Merchant, Revision = 1 },
                CancellationToken.None);
        }

        var first = await AccountAsync();
        var last = first["entries"]!.AsArray()[^1]!;
        var rest = await AccountAsync($"2026-11&after={last["entry"]!.GetValue<string>()}");

        (first["entries"]!.AsArray().Count, Fen(last, "balance"), Fen(first, "closing")).ShouldBe((1_000, 1_000, 1_003));
        rest["entries"]!.AsArray().Select(entry => Fen(entry!, "balance")).ShouldBe([1_001, 1_002, 1_003]);
        Fen(rest["sums"]!, "shares").ShouldBe(1_003);
        using var more = await AskAsync(HttpMethod.Get, Path("?month=2026-11"));
        more.Headers.GetValues("X-More").ShouldBe(["true"]);
    }

    [Theory]
    [InlineData("?month=2026-12")]
    [InlineData("?month=November")]
    [InlineData("?month=2026-11&after=20261122-DEVMERCH-1")]
    [InlineData("?month=2026-11&after=payouts")]
    public async Task A_month_that_has_not_begun_and_an_entry_that_is_not_there_are_refused_in_words(string query)
    {
        using var answer = await AskAsync(HttpMethod.Get, Path(query));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_distributor_sees_its_own_account_only_and_corrects_nothing()
    {
        var (other, _) = await _world.Get<DistributorStore>().InsertAsync("distributor-2", "华南经销", World.Noon, CancellationToken.None);
        await PostAsync(1, Statement(Day, 500), null);
        await _world.Tables.GetTableClient("Members").AddEntityAsync(
            new Member(Person, "陈经销", new(new HashSet<DistributorId> { other.Id }, new HashSet<MerchantId>()), IsActive: true, 1));

        using var own = await AskAsync(HttpMethod.Get, $"/api/distributors/{other.Id}/account", Role.Distributor);
        using var foreign = await AskAsync(HttpMethod.Get, Path(""), Role.Distributor);
        using var paid = await AskAsync(HttpMethod.Post, $"/api/distributors/{other.Id}/account/months/2026-10/paid", Role.Distributor);

        (own.StatusCode, foreign.StatusCode, paid.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Forbidden));
        (await own.Content.ReadAsStringAsync()).ShouldNotContain("DEVMERCH");
    }

    private const string Person = "44444444-0000-4000-8000-000000000004";

    private static Statement Statement(DateOnly day, long? part) => StatementRules.Of(World.Merchant, day, [], [new(day, new FeeTerms(60, 20, []))], Protocol.Fen.Zero) with
    {
        DistributorParts = part is { } fen ? [new(_parts, new(fen))] : [],
    };

    private static readonly DistributorId _parts = DistributorId.Parse("DSTR1BTR");

    private Task PostAsync(int revision, Statement statement, Statement? previous) =>
        _world.Get<ShareStore>().PostAsync(revision, Own(statement)!, Own(previous), _world.Clock.GetUtcNow(), CancellationToken.None);

    private Statement? Own(Statement? statement) =>
        statement is null ? null : statement with { DistributorParts = [.. statement.DistributorParts.Select(part => part with { Distributor = _distributor })] };

    private Task PassAsync(TimeSpan time) => _world.PassAsync(time);

    private Task UntilAsync(DateOnly day) => PassAsync(new DateTimeOffset(day.ToDateTime(new(1, 30)), TimeSpan.FromHours(8)) - _world.Clock.GetUtcNow());

    private async Task<JsonNode> AccountAsync(string? month = null)
    {
        using var answer = await AskAsync(HttpMethod.Get, Path(month is null ? "" : $"?month={month}"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private Task<(HttpStatusCode Status, JsonNode Body)> PayAsync(string month) => PostAsync(Path($"/months/{month}/paid"), "{}", null);

    private Task<(HttpStatusCode Status, JsonNode Body)> ReverseAsync(string entry, string reason, string key = "correction-1") =>
        PostAsync(Path("/reversals"), new JsonObject { ["entry"] = entry, ["reason"] = reason }.ToJsonString(), key);

    private async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string body, string? key)
    {
        using var answer = await AskAsync(HttpMethod.Post, path, Role.Finance, body, key);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    private static async Task<string?> CodeAsync(Task<(HttpStatusCode Status, JsonNode Body)> asked)
    {
        var (status, body) = await asked;
        return status == HttpStatusCode.Conflict ? body["code"]?.GetValue<string>() : $"{(int)status} {body.ToJsonString()}";
    }

    private Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, Role role = Role.Finance, string? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", TestTokens.Of(Person, _world.Clock.GetUtcNow(), role));
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return _http.SendAsync(request);
    }

    private string Path(string rest) => $"/api/distributors/{_distributor}/account{rest}";

    private static long Fen(JsonNode node, string field) => node[field]!.GetValue<long>();

    private static IEnumerable<string> Lines(JsonNode account) =>
        account["entries"]!.AsArray().Select(entry => $"{entry!["entry"]!.GetValue<string>()} {Fen(entry, "amount")} → {Fen(entry, "balance")}");
}
