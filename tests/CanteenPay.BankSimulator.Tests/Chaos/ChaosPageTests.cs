using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CanteenPay.BankSimulator.Chaos;

namespace CanteenPay.BankSimulator.Tests.Chaos;

public sealed class ChaosPageTests
{
    [Fact]
    public async Task The_page_has_a_switch_for_every_fault_and_shows_what_is_set()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.ChaosAsync(new { seed = 77, slow = new { share = 0.2, ms = 700 } });

        var page = await bank.Http.GetStringAsync("/chaos");

        foreach (var fault in Faults.All)
            page.ShouldContain($"name=\"on\" value=\"{fault.Name}\"");
        page.ShouldContain("name=\"on\" value=\"slow\" checked");
        page.ShouldContain("name=\"slow\" min=\"0\" max=\"100\" step=\"any\" value=\"20\"");
        page.ShouldContain("value=\"700\"");
        page.ShouldContain("name=\"seed\" value=\"77\"");
        page.ShouldNotContain("value=\"lostAnswer\" checked");
        (await bank.Http.GetStringAsync("/")).ShouldContain("href=\"/chaos\"");
    }

    [Fact]
    public async Task The_form_switches_faults_on_and_the_button_calms_them()
    {
        await using var bank = await TestBank.StartAsync();

        (await PostAsync(bank, "/chaos", ("on", "serverError"), ("serverError", "12.5"), ("on", "slow"), ("slow", "50"), ("slow.ms", "900"), ("lostAnswer", "5"), ("seed", "3"))).ShouldBe(303);
        var set = (await bank.Http.GetFromJsonAsync<JsonNode>("/control/chaos"))!;
        set["serverError"]!.GetValue<double>().ShouldBe(0.125);
        set["slow"]!.ToJsonString().ShouldBe("""{"share":0.5,"ms":900}""");
        set["lostAnswer"]!.GetValue<double>().ShouldBe(0, "its switch is off");
        set["seed"]!.GetValue<long>().ShouldBe(3);

        (await PostAsync(bank, "/chaos/calm")).ShouldBe(303);
        (await bank.Http.GetFromJsonAsync<JsonNode>("/control/chaos"))!["serverError"]!.GetValue<double>().ShouldBe(0);
    }

    [Fact]
    public async Task The_counters_count_and_load_themselves_again()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.ChaosAsync(new { serverError = 1 });
        for (var n = 0; n < 7; n++)
            await bank.TryAskAsync("unified.trade.query", ("out_trade_no", "A1"));
        (await PostAsync(bank, "/chaos/down")).ShouldBe(303);

        using var counters = await bank.Http.GetAsync("/chaos/counters");

        counters.Headers.GetValues("Refresh").ShouldBe(["1"]);
        var page = await counters.Content.ReadAsStringAsync();
        page.ShouldContain($"{Faults.Of(Fault.ServerError).Zh}<td>7");
        page.ShouldContain("断线中");
    }

    [Fact]
    public async Task A_page_from_elsewhere_cannot_steer_the_bank()
    {
        await using var bank = await TestBank.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/chaos/down") { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("Origin", "http://elsewhere.example");

        using var answer = await bank.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await bank.Http.GetFromJsonAsync<JsonNode>("/control/chaos"))!["downUntil"].ShouldBeNull();
    }

    private static async Task<int> PostAsync(TestBank bank, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await bank.Http.PostAsync(path, form);
        return (int)answer.StatusCode;
    }
}
