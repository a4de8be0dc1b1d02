using System.Net;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Audit;

namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>What the office does at its desk, and what it is answered.</summary>
public sealed class OperationEndpointTests : IAsyncLifetime
{
    private readonly World _world = new();
    private OfficeDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await OfficeDesk.OpenAsync(_world);

    public async Task DisposeAsync()
    {
        await _desk.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task An_account_is_opened_topped_up_and_granted_a_subsidy_and_its_statement_says_so()
    {
        var account = await _desk.AccountAsync();

        var (topped, top) = await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":5000}""");
        var (granted, grant) = await _desk.PostAsync($"/accounts/{account}/subsidies", """{"amount":3000,"validUntil":"2026-11-30"}""", "grant-november");

        (topped, granted).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        (Fen(top["balance"]), Fen(grant["balance"])).ShouldBe((5000, 8000));
        var (_, page) = await _desk.PostAsync("/cards/find", """{"cardNo":"04a1b2c3"}""");
        page["accountId"]!.GetValue<string>().ShouldBe(account);
        page["cards"]![0]!["no"]!.GetValue<string>().ShouldBe("04A1B2C3", "the office finds cards by their numbers");
        var lot = page["purses"]!.AsArray().Single(purse => purse!["lot"]!.GetValue<string>() == "grant-november")!;
        (lot["validUntil"]!.GetValue<string>(), Fen(lot["balance"])).ShouldBe(("2026-11-30", 3000));
        var (_, statement) = await _desk.GetAsync($"/accounts/{account}/statement");
        statement["lines"]!.AsArray().Select(line => line!["kind"]!.GetValue<string>()).ShouldBe(["TopUp", "Subsidy"], ignoreOrder: true);
        (Fen(statement["change"]), Fen(statement["balance"])).ShouldBe((8000, 8000));
    }

    [Fact]
    public async Task The_same_key_is_answered_the_same_and_moves_money_once()
    {
        var account = await _desk.AccountAsync();
        var (_, first) = await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":5000}""", "topup-0001");
        await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":1}""");

        var (status, again) = await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":5000,"key":"topup-0001"}""", "");

        status.ShouldBe(HttpStatusCode.OK);
        again.ToJsonString().ShouldBe(first.ToJsonString());
        (await BalanceAsync(account)).ShouldBe(5001);
        (await _desk.GetAsync("/operations/topup-0001")).Body.ToJsonString().ShouldBe(first.ToJsonString());
    }

    [Fact]
    public async Task The_audit_says_what_the_account_was_and_became_and_a_repeated_key_is_no_second_change()
    {
        var account = await _desk.AccountAsync();
        await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":5000}""", "topup-0001");
        await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":100}""", "topup-0002");
        await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":100}""", "topup-0002");

        var rows = await new AuditStore(_world.Tables).ListAsync(new(2026, 11, 22), 0, null, CancellationToken.None)
            .Where(row => row.Entry.Kind == AuditKind.Done && row.Entry.What.EndsWith("topups", StringComparison.Ordinal)).ToListAsync();
        rows.Count.ShouldBe(3);
        rows[1].Entry.Before!.ShouldContain("\"balance\":5000");
        rows[1].Entry.Before!.ShouldContain("\"accountState\":\"Active\"");
        rows[1].Entry.After!.ShouldContain("\"balance\":5100");
        (rows[2].Entry.Before, rows[2].Entry.After).ShouldBe((null, """{"repeated":true}"""));
    }

    [Fact]
    public async Task The_same_key_with_other_parameters_is_refused()
    {
        var account = await _desk.AccountAsync();
        await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":5000}""", "topup-0001");

        foreach (var (path, body) in new[] { ("topups", """{"amount":5001}"""), ("subsidies", """{"amount":5000}""") })
        {
            var (status, problem) = await _desk.PostAsync($"/accounts/{account}/{path}", body, "topup-0001");
            (status, problem["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Conflict, "keyReused"));
        }

        (await BalanceAsync(account)).ShouldBe(5000);
    }

    [Fact]
    public async Task An_account_that_is_opened_twice_under_a_key_is_one_account()
    {
        const string body = """{"cardNo":"04A1B2C3","cardType":"staff"}""";
        var (_, first) = await _desk.PostAsync("/accounts", body, "open-0001");
        var (status, again) = await _desk.PostAsync("/accounts", body, "open-0001");

        status.ShouldBe(HttpStatusCode.Created);
        again.ToJsonString().ShouldBe(first.ToJsonString());
    }

    [Fact]
    public async Task A_refusal_is_remembered_under_its_key_whatever_changes_later()
    {
        await _desk.AccountAsync("04A1B2C3");
        var (status, refused) = await _desk.PostAsync("/accounts", """{"cardNo":"04A1B2C3","cardType":"staff"}""", "open-0002");
        (status, refused["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Conflict, "cardTaken"));
        refused["detail"]!.GetValue<string>().ShouldNotContain("04A1B2C3");

        var account = await _desk.AccountAsync("04A1B2C4");
        (await _desk.PostAsync($"/accounts/{account}/found", """{"cardNo":"04A1B2C4"}""", "found-0001")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await _desk.PostAsync($"/accounts/{account}/lost", """{"cardNo":"04A1B2C4"}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await _desk.PostAsync($"/accounts/{account}/found", """{"cardNo":"04A1B2C4"}""", "found-0001")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await _desk.PostAsync($"/accounts/{account}/found", """{"cardNo":"04A1B2C4"}""", "found-0002")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_top_up_is_taken_back_once()
    {
        var account = await _desk.AccountAsync();
        await _desk.PostAsync($"/accounts/{account}/topups", """{"amount":5000}""", "topup-0001");

        var (status, taken) = await _desk.PostAsync($"/accounts/{account}/reversals", """{"operation":"topup-0001"}""");
        var (again, problem) = await _desk.PostAsync($"/accounts/{account}/reversals", """{"operation":"topup-0001"}""");

        (status, Fen(taken["balance"])).ShouldBe((HttpStatusCode.OK, 0));
        (again, problem["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Conflict, "alreadyReversed"));
        (await BalanceAsync(account)).ShouldBe(0);
    }

    [Fact]
    public async Task A_subsidy_expires_and_stands_in_the_account_as_expired()
    {
        var account = await _desk.AccountAsync();
        await _desk.PostAsync($"/accounts/{account}/subsidies", """{"amount":3000}""", "grant-november");

        var (status, expired) = await _desk.PostAsync($"/accounts/{account}/expiries", """{"lot":"grant-november"}""");

        (status, Fen(expired["balance"])).ShouldBe((HttpStatusCode.OK, 0));
        var lot = (await _desk.GetAsync($"/accounts/{account}")).Body["purses"]!.AsArray().Single(purse => purse!["lot"]!.GetValue<string>() == "grant-november")!;
        (Fen(lot["balance"]), Fen(lot["expired"])).ShouldBe((0, 3000));
        lot["expiredAt"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("topups", """{"amount":0}""", "amount")]
    [InlineData("topups", """{"amount":10000000}""", "amount")]
    [InlineData("topups", """{}""", "amount")]
    [InlineData("subsidies", """{"amount":1,"validUntil":"30.11.2026"}""", "validUntil")]
    [InlineData("lost", """{"cardNo":"xyz"}""", "cardNo")]
    [InlineData("replace", """{"cardNo":"04A1B2C3","newCardNo":"04A1B2C3"}""", "newCardNo")]
    [InlineData("close", """{"withhold":-1}""", "withhold")]
    [InlineData("expiries", """{}""", "lot")]
    [InlineData("reversals", """{}""", "tap")]
    [InlineData("reversals", """{"operation":"short"}""", "operation")]
    [InlineData("reversals", """{"tap":{"postingDay":"2026-11-22","deviceId":"DEVMACH1","epoch":"EPCH0001","seq":0}}""", "tap.seq")]
    public async Task What_is_wrong_is_named_field_by_field(string path, string body, string field)
    {
        var account = await _desk.AccountAsync();

        var (status, problem) = await _desk.PostAsync($"/accounts/{account}/{path}", body);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem["errors"]!.AsObject().ShouldHaveSingleItem().Key.ShouldBe(field);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("has a space in it")]
    [InlineData("dots.are.not.allowed")]
    public async Task A_key_that_cannot_be_one_is_refused(string key)
    {
        var (status, problem) = await _desk.PostAsync("/accounts", """{"cardNo":"04A1B2C3","cardType":"staff"}""", key);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem["errors"]!.AsObject().ShouldHaveSingleItem().Key.ShouldBe("Idempotency-Key");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        (await _desk.PostAsync("/accounts/AAAAAAAA/topups", """{"amount":1}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _desk.GetAsync("/accounts/AAAAAAAA")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _desk.PostAsync("/cards/find", """{"cardNo":"0000000000"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _desk.GetAsync("/operations/nothing-there")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _desk.GetAsync("/checks/2026-11-22")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("""{"cardNo":"04A1B2CX"}""", HttpStatusCode.UnprocessableEntity)]
    public async Task What_is_no_card_number_is_refused_without_saying_it_again(string body, HttpStatusCode status)
    {
        var (refused, problem) = await _desk.PostAsync("/cards/find", body);

        refused.ShouldBe(status);
        problem.ToJsonString().ShouldNotContain("04A1B2CX");
    }

    [Fact]
    public async Task A_tap_that_is_booked_by_half_is_refused_and_its_key_stays_free_until_all_of_it_is_there()
    {
        var id = await _desk.AccountAsync();
        var account = await _world.AccountAsync(CanteenPay.Protocol.AccountId.Parse(id));
        var journal = new Journal();
        var tap = journal.Tap(account, 5_00);
        journal.Tap(account, 7_50, part => part with { TapId = tap.TapId, Part = 1 });
        await _world.CardsSayAsync(journal.Batch(last: 1));
        var body = $$"""{"tap":{"postingDay":"2026-11-22","deviceId":"{{journal.Device}}","epoch":"{{journal.Epoch}}","seq":1} }""";

        var (early, problem) = await _desk.PostAsync($"/accounts/{id}/reversals", body, "reverse-tap-1");
        (early, problem["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Conflict, "notBookedYet"));
        (await _desk.GetAsync("/operations/reverse-tap-1")).Status.ShouldBe(HttpStatusCode.NotFound);

        await _world.CardsSayAsync(journal.Batch(first: 2));
        (await _desk.PostAsync($"/accounts/{id}/reversals", body, "reverse-tap-1")).Status.ShouldBe(HttpStatusCode.OK);
        (await BalanceAsync(id)).ShouldBe(0);
    }

    private async Task<long> BalanceAsync(string account) => Fen((await _desk.GetAsync($"/accounts/{account}")).Body["balance"]);

    private static long Fen(JsonNode? node) => node!.GetValue<long>();
}
