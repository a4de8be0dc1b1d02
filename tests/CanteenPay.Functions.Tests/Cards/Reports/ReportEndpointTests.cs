using System.Net;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Tests.Cards.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Reports;

/// <summary>A card's statement, a machine's day.</summary>
public sealed class ReportEndpointTests : IAsyncLifetime
{
    private readonly World _world = new();
    private readonly Journal _journal = new();
    private OfficeDesk _desk = null!;
    private CardAccount _account = null!;

    public async Task InitializeAsync()
    {
        _desk = await OfficeDesk.OpenAsync(_world);
        _account = await _world.HolderAsync();
        var tap = _journal.Tap(_account, 12_50, with => with with { At = World.Noon.AddMinutes(1) });
        _journal.Tap(_account, 8_00, with => with with { MealPeriod = Meal.Dinner, At = World.Noon.AddHours(6) });
        _journal.Reverse(tap);
        await _world.CardsSayAsync(_journal.Batch(last: 2));
    }

    public async Task DisposeAsync()
    {
        await _desk.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task A_statement_says_what_moved_in_the_order_in_which_it_did_with_the_card_masked()
    {
        var (status, statement) = await _desk.GetAsync($"/accounts/{_account.AccountId}/statement?from=2026-11-01&to=2026-11-22");

        status.ShouldBe(HttpStatusCode.OK);
        var lines = statement["lines"]!.AsArray();
        lines.Select(line => (Text(line, "kind"), Fen(line!["change"]))).ShouldBe([("TopUp", 100_00), ("Debit", -12_50), ("Debit", -8_00)]);
        Text(lines[1], "card").ShouldBe("****0C0D");
        statement.ToJsonString().ShouldNotContain("0A0B0C0D\"");
        (Fen(statement["change"]), Fen(statement["balance"])).ShouldBe((79_50, 79_50));
    }

    [Fact]
    public async Task A_machines_day_sums_its_booked_lines_by_meal_and_kind()
    {
        (await Totals()).ShouldBe([("lunch", "Debit", 1, 12_50), ("dinner", "Debit", 1, 8_00)]);

        await _world.CardsSayAsync(_journal.Batch(first: 3));

        (await Totals()).ShouldBe([("lunch", "Debit", 1, 12_50), ("lunch", "Reversal", 1, 12_50), ("dinner", "Debit", 1, 8_00)]);
    }

    [Fact]
    public async Task Another_machines_day_is_empty_and_another_accounts_lines_are_not_shown()
    {
        var (_, day) = await _desk.GetAsync("/machines/DEVMACH2/days/2026-11-22");
        day["lines"]!.AsArray().ShouldBeEmpty();
        var other = await _world.HolderAsync(cashFen: 1, cardNo: "0A0B0C0E");
        var (_, statement) = await _desk.GetAsync($"/accounts/{other.AccountId}/statement");
        statement["lines"]!.AsArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_office_takes_a_tap_back_by_where_its_line_stands()
    {
        var (_, day) = await _desk.GetAsync("/machines/DEVMACH1/days/2026-11-22");
        var line = day["lines"]!.AsArray()[0]!;
        var tap = new JsonObject { ["tap"] = new JsonObject() };
        foreach (var field in new[] { "postingDay", "deviceId", "epoch", "seq" })
            tap["tap"]![field] = line[field]!.DeepClone();

        var (status, _) = await _desk.PostAsync($"/accounts/{Text(line, "accountId")}/reversals", tap.ToJsonString());

        status.ShouldBe(HttpStatusCode.OK);
        (await _world.AccountAsync(_account.AccountId)).Balance.ShouldBe(new Fen(92_00));
    }

    [Fact]
    public async Task A_closing_that_waits_is_accepted_and_says_for_what()
    {
        var (status, waiting) = await _desk.PostAsync($"/accounts/{_account.AccountId}/close", """{"withhold":5000}""", "close-0001");

        (status, Text(waiting, "state"), Fen(waiting["balance"])).ShouldBe((HttpStatusCode.Accepted, "waiting", 50_00));
        waiting["waitsFor"]!.AsArray().ShouldHaveSingleItem();
        (await _world.OfficeAsync("topup-late", new TopUp(new Fen(1)), _account.AccountId)).Refused.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_nights_check_is_shown()
    {
        await _world.ClosedLoopAsync();

        var (status, check) = await _desk.GetAsync("/checks/2026-11-22");

        (status, check["isClosed"]!.GetValue<bool>(), Fen(check["difference"])).ShouldBe((HttpStatusCode.OK, true, 0));
    }

    [Theory]
    [InlineData("statement?from=2026-11-01&to=2026-12-02", "from")]
    [InlineData("statement?from=2026-11-22&to=2026-11-21", "from")]
    [InlineData("statement?from=yesterday", "from")]
    public async Task A_span_that_cannot_be_is_refused(string query, string field)
    {
        var (status, problem) = await _desk.GetAsync($"/accounts/{_account.AccountId}/{query}");

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem["errors"]!.AsObject().ShouldContain(error => error.Key == field);
    }

    private async Task<IReadOnlyList<(string, string, int, long)>> Totals()
    {
        var (_, day) = await _desk.GetAsync("/machines/DEVMACH1/days/2026-11-22");
        return [.. day["totals"]!.AsArray().Select(total => (Text(total, "meal"), Text(total, "kind"), total!["taps"]!.GetValue<int>(), Fen(total["amount"])))];
    }

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();

    private static long Fen(JsonNode? node) => node!.GetValue<long>();
}
