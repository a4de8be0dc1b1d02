using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace CanteenPay.BankSimulator.Tests.Chaos;

public sealed class ChaosControlTests
{
    [Fact]
    public async Task What_is_put_is_shown_and_replaces_what_was_and_a_delete_calms_everything()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.ChaosAsync(new { lostAnswer = 0.25 });
        await bank.ChaosAsync(new { seed = 9, slow = new { share = 0.2, ms = 700 }, notificationTwice = 0.5 });
        await bank.ChaosAsync(new { serverError = 1 }, "A1");
        await bank.ChaosAsync(new { serverError = 1 }, "next");
        using (await bank.Http.PostAsync("/control/down", JsonContent.Create(new { ms = 20_000 })))
        {
            var set = await StateAsync(bank);
            set["seed"]!.GetValue<long>().ShouldBe(9);
            set["slow"]!.ToJsonString().ShouldBe("""{"share":0.2,"ms":700}""");
            set["notificationTwice"]!.GetValue<double>().ShouldBe(0.5);
            set["lostAnswer"]!.GetValue<double>().ShouldBe(0, "replaced");
            set["downUntil"].ShouldNotBeNull();
        }

        using (await bank.Http.DeleteAsync("/control/chaos"))
        {
            var calm = await StateAsync(bank);
            calm["slow"]!["share"]!.GetValue<double>().ShouldBe(0);
            calm["downUntil"].ShouldBeNull();
            calm["nextIsSet"]!.GetValue<bool>().ShouldBeFalse();
            await bank.CreateAsync("A1");
        }
    }

    [Fact]
    public async Task A_seed_is_chosen_and_told_when_none_is_given()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.ChaosAsync(new { slow = 0.1 });

        var state = await StateAsync(bank);

        state["seed"]!.GetValue<long>().ShouldBeGreaterThan(0);
        state["slow"]!["ms"]!.GetValue<long>().ShouldBe(3000, "the usual time");
    }

    [Theory]
    [InlineData("""{"lostAnswers":0.1}""", "lostAnswers")]
    [InlineData("""{"lostAnswer":1.1}""", "lostAnswer")]
    [InlineData("""{"lostAnswer":-0.1}""", "lostAnswer")]
    [InlineData("""{"lostAnswer":"0.1"}""", "lostAnswer")]
    [InlineData("""{"lostAnswer":{"share":0.1,"ms":1}}""", "lostAnswer")]
    [InlineData("""{"slow":{"share":0.1,"s":1}}""", "slow.s")]
    [InlineData("""{"slow":{"ms":1}}""", "slow.share")]
    [InlineData("""{"slow":{"share":0.1,"ms":600001}}""", "slow.ms")]
    [InlineData("""{"slow":{"share":0.1,"ms":-1}}""", "slow.ms")]
    [InlineData("""{"seed":"one"}""", "seed")]
    [InlineData("""{"times":0}""", "times")]
    [InlineData("""{"calls":["pay"]}""", "calls")]
    [InlineData("""{"calls":"create"}""", "calls")]
    [InlineData("""{"lostAnswer":0.1,"lostAnswer":0.2}""", "lostAnswer")]
    [InlineData("[]", "")]
    [InlineData("chaos", "")]
    public async Task Settings_that_make_no_sense_are_refused_by_name_and_change_nothing(string body, string named)
    {
        await using var bank = await TestBank.StartAsync();
        await bank.ChaosAsync(new { serverError = 0.5 });
        foreach (var (method, path) in new[] { (HttpMethod.Put, "/control/chaos"), (HttpMethod.Post, "/control/orders/A1/chaos"), (HttpMethod.Post, "/control/orders/next/chaos") })
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await bank.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(named);
        }

        (await StateAsync(bank))["serverError"]!.GetValue<double>().ShouldBe(0.5);
    }

    [Theory]
    [InlineData("""{"ms":-1}""")]
    [InlineData("""{"ms":600001}""")]
    [InlineData("{}")]
    public async Task A_bank_is_not_put_down_for_a_time_that_makes_no_sense(string body)
    {
        await using var bank = await TestBank.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await bank.Http.PostAsync("/control/down", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await StateAsync(bank))["downUntil"].ShouldBeNull();
    }

    [Fact]
    public async Task An_orders_own_faults_touch_that_order_only_and_happen_as_often_as_was_said()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        await bank.CreateAsync("A2");
        await bank.ChaosAsync(new { serverError = 1, times = 2 }, "A1");

        (await StatusesAsync(bank, "A2", 3)).ShouldBe([200, 200, 200]);
        (await StatusesAsync(bank, "A1", 3)).ShouldBe([500, 500, 200]);
        await bank.ChaosAsync(new { serverError = 1 }, "A1");
        (await StatusesAsync(bank, "A1", 2)).ShouldBe([500, 200], "set again, once more");
    }

    [Fact]
    public async Task What_is_set_for_the_next_order_waits_for_one_that_is_new_and_for_no_other()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        await bank.ChaosAsync(new { serverError = 1 }, "next");

        (await StatusesAsync(bank, "A1", 1)).ShouldBe([200]);
        (await bank.TryAskAsync("unified.trade.native", TestBank.Order("A1")))!.Value.Status.ShouldBe(200, "asked again is not new");
        (await bank.TryAskAsync("unified.trade.native", TestBank.Order("A2")))!.Value.Status.ShouldBe(500);
        (await bank.TryAskAsync("unified.trade.native", TestBank.Order("A3")))!.Value.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Nobody_meets_chaos_without_the_merchants_signature()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.ChaosAsync(new { serverError = 1 });

        MerchantSystem.Parse(await bank.PostAsync("/pay/gateway", new MerchantSystem(key: "x").Request("unified.trade.query", ("out_trade_no", "A1"))))["status"].ShouldBe("400");
        (await bank.DoneAsync("serverError")).ShouldBe(0);
    }

    [Theory]
    [InlineData("/chaos")]
    [InlineData("/Chaos/counters")]
    [InlineData("/control/chaos")]
    public async Task Another_machine_does_not_reach_chaos(string path)
    {
        await using var bank = await TestBank.StartAsync();

        (await bank.StatusFromAsync(IPAddress.Parse("10.0.0.9"), path)).ShouldBe(404);
        (await bank.StatusFromAsync(IPAddress.Loopback, path)).ShouldBe(200);
    }

    private static async Task<int[]> StatusesAsync(TestBank bank, string order, int count)
    {
        var statuses = new int[count];
        for (var n = 0; n < count; n++)
            statuses[n] = (await bank.TryAskAsync("unified.trade.query", ("out_trade_no", order)))!.Value.Status;
        return statuses;
    }

    private static async Task<JsonNode> StateAsync(TestBank bank) => (await bank.Http.GetFromJsonAsync<JsonNode>("/control/chaos"))!;
}
