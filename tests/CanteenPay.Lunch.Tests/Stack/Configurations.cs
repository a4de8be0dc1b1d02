using System.Text.Json.Nodes;
using CanteenPay.Lunch.Diners;
using CanteenPay.Lunch.Stack;
using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Tests.Stack;

public sealed class Configurations
{
    private static readonly string Cloud = ReadCloud();

    [Fact]
    public void Each_machine_has_an_agent_of_its_own_and_nothing_of_the_pattern_is_left()
    {
        var text = LunchConfig.Of(Cloud, CanteenLayout.Of(3));
        var config = JsonNode.Parse(text)!;

        text.ShouldNotContain("{machine1}");
        config["requests"]!.ToJsonString().ShouldNotContain("{merchant}");
        config["programs"]!.ToJsonString().ShouldNotContain("{merchant}");
        text.ShouldNotContain("{agent}");
        config["programs"]!.AsArray().Select(program => program!["name"]!.GetValue<string>()).ShouldBe(["bank", "machine-1", "machine-2", "machine-3"]);
        var second = config["programs"]![2]!;
        second["environment"]!["Agent__DeviceId"]!.GetValue<string>().ShouldBe("{TERM0002}");
        second["environment"]!["Agent__MerchantId"]!.GetValue<string>().ShouldBe("{CANTEEN2}");
        second["environment"]!["Agent__Screen__Url"]!.GetValue<string>().ShouldBe("http://127.0.0.1:{port:machine-2}");
        second["readyUrl"]!.GetValue<string>().ShouldBe("{machine-2}/");
        config["devices"]!.AsArray().Count.ShouldBe(3);
        second["environment"]!["Agent__Cards__Reader"]!.GetValue<string>().ShouldBe("page");
    }

    [Fact]
    public void Each_merchant_goes_the_way_of_the_demonstrations_and_each_machine_is_asked_for()
    {
        var steps = Steps(3);

        foreach (var merchant in CanteenLayout.Of(3).Merchants)
        {
            var filed = steps.Single(step => Key(step) == $"{merchant.Id}-demo-application");
            filed["body"]!["licence"]!.GetValue<string>().ShouldBe(merchant.Licence);
            filed["keep"]![merchant.Id]!.GetValue<string>().ShouldBe("merchantId");
            steps.Count(step => step["picture"] is not null && step["path"]!.GetValue<string>().StartsWith($"/api/applications/{{{merchant.Id}}}/", StringComparison.Ordinal)).ShouldBe(4);
            steps.ShouldContain(step => Key(step) == $"{merchant.Id}-demo-activate");
        }

        steps.Where(step => step["keep"]?.AsObject().ContainsKey("TERM0002") == true).Select(step => step["path"]!.GetValue<string>()).ShouldBe(["/api/merchants/{CANTEEN2}/machines"]);
        steps.Select(Key).Distinct().Count().ShouldBe(steps.Count);
        steps.Where(step => step["as"] is not null).Select(step => step["as"]!.GetValue<string>()).Distinct().ShouldBe(["operator", "distributor"], ignoreOrder: true);
    }

    [Fact]
    public void Each_merchant_gets_the_demonstrations_rules_and_cards_that_hold_money()
    {
        var steps = Steps(2);

        steps.Count(step => step["path"]!.GetValue<string>().Contains("/accounts", StringComparison.Ordinal)).ShouldBe(2 * 3 * LunchPlan.StaffCards);
        steps.Where(step => step["path"]!.GetValue<string>().EndsWith("/rules", StringComparison.Ordinal)).Select(step => step["path"]!.GetValue<string>())
            .ShouldBe(["/api/cards/{CANTEEN1}/rules", "/api/cards/{CANTEEN2}/rules"]);
    }

    [Fact]
    public void Drawn_ids_take_the_place_of_names_and_cards_stay_what_they_are()
    {
        var layout = CanteenLayout.Of(2);
        var drawn = layout.Drawn(new Dictionary<string, string> { ["CANTEEN1"] = "AAAA0001", ["CANTEEN2"] = "AAAA0002", ["TERM0001"] = "BBBB0001", ["TERM0002"] = "BBBB0002" });

        drawn.Machines.Select(machine => $"{machine.Id} {machine.Merchant}").ShouldBe(["BBBB0001 AAAA0001", "BBBB0002 AAAA0002"]);
        drawn.Merchants.Select(merchant => merchant.CardNo(7)).ShouldBe(layout.Merchants.Select(merchant => merchant.CardNo(7)));
        Should.Throw<LunchException>(() => layout.Drawn(new Dictionary<string, string>())).Message.ShouldContain("CANTEEN1");
    }

    [Fact]
    public void Names_are_different_and_cards_are_cards()
    {
        var layout = CanteenLayout.Of(16);

        layout.Machines.Select(machine => machine.Id).Distinct().Count().ShouldBe(16);
        CanteenLayout.Of(1).Merchants.Length.ShouldBe(1);
        var cards = layout.Merchants.SelectMany(merchant => Enumerable.Range(0, 1000).Select(merchant.CardNo)).ToList();
        cards.Distinct().Count().ShouldBe(2000);
        cards.All(card => CardNo.TryParse(card, null, out _)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not JSON")]
    [InlineData("""{"programs":[{"name":"bank","arguments":[]}]}""")]
    public void Another_file_is_refused_with_words(string text) =>
        Should.Throw<LunchException>(() => LunchConfig.Of(text, CanteenLayout.Of(1))).Message.ShouldContain("cloud.json");

    private static List<JsonNode> Steps(int machines) =>
        [.. JsonNode.Parse(LunchConfig.Of(Cloud, CanteenLayout.Of(machines)))!["requests"]!.AsArray().Select(step => step!)];

    private static string Key(JsonNode step) => step["key"]!.GetValue<string>();

    private static string ReadCloud()
    {
        using var reader = new StreamReader(typeof(Configurations).Assembly.GetManifestResourceStream("cloud.json")!);
        return reader.ReadToEnd();
    }
}
