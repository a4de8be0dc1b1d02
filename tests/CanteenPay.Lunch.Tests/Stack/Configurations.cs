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
        var text = LunchConfig.Of(Cloud, CanteenLayout.Of(3), KeyOf);
        var config = JsonNode.Parse(text)!;

        text.ShouldNotContain("DEVMACH1");
        text.ShouldNotContain("DEVMERCH");
        text.ShouldNotContain("{agent}");
        config["programs"]!.AsArray().Select(program => program!["name"]!.GetValue<string>()).ShouldBe(["bank", "machine-1", "machine-2", "machine-3"]);
        var second = config["programs"]![2]!;
        second["environment"]!["Agent__DeviceId"]!.GetValue<string>().ShouldBe("TERM0002");
        second["environment"]!["Agent__MerchantId"]!.GetValue<string>().ShouldBe("CANTEEN2");
        second["environment"]!["Agent__Screen__Url"]!.GetValue<string>().ShouldBe("http://127.0.0.1:{port:machine-2}");
        second["readyUrl"]!.GetValue<string>().ShouldBe("{machine-2}/");
        config["devices"]!.AsArray().Count.ShouldBe(3);
        config["seed"]!.AsArray().Count.ShouldBe(5, "two merchants and three machines");
        second["environment"]!["Agent__Cards__Reader"]!.GetValue<string>().ShouldBe("page");
    }

    [Fact]
    public void Each_merchant_signs_with_the_same_key_with_us_and_at_the_bank()
    {
        var config = JsonNode.Parse(LunchConfig.Of(Cloud, CanteenLayout.Of(2), KeyOf))!;
        var bank = config["programs"]![0]!["arguments"]!.AsArray().Select(argument => argument!.GetValue<string>()).ToList();

        foreach (var merchant in CanteenLayout.Of(2).Merchants)
        {
            config["appSettings"]![$"SwiftPass__Keys__{merchant.ChannelId}"]!.GetValue<string>().ShouldBe(KeyOf(merchant.ChannelId));
            bank[bank.IndexOf($"--Merchants:{merchant.ChannelId}:Key") + 1].ShouldBe(KeyOf(merchant.ChannelId));
        }
    }

    [Fact]
    public void Each_merchant_gets_the_demonstrations_rules_and_cards_that_hold_money()
    {
        var requests = JsonNode.Parse(LunchConfig.Of(Cloud, CanteenLayout.Of(2), KeyOf))!["requests"]!.AsArray();

        requests.Count.ShouldBe(2 * (1 + 3 * LunchPlan.StaffCards));
        requests.Select(request => request!["key"]!.GetValue<string>()).Where(key => key.StartsWith("lunch-", StringComparison.Ordinal)).Distinct().Count()
            .ShouldBe(2 * 3 * LunchPlan.StaffCards);
        requests.Where(request => request!["method"]!.GetValue<string>() == "PUT").Select(request => request!["path"]!.GetValue<string>())
            .ShouldBe(["/api/cards/CANTEEN1/rules", "/api/cards/CANTEEN2/rules"]);
    }

    [Fact]
    public void Ids_are_ids()
    {
        var layout = CanteenLayout.Of(16);

        layout.Machines.Select(machine => machine.Id).Distinct().Count().ShouldBe(16);
        layout.Machines.All(machine => DeviceId.TryParse(machine.Id, null, out _) && MerchantId.TryParse(machine.Merchant, null, out _)).ShouldBeTrue();
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
        Should.Throw<LunchException>(() => LunchConfig.Of(text, CanteenLayout.Of(1), KeyOf)).Message.ShouldContain("cloud.json");

    private static string KeyOf(string merchant) => $"key-of-{merchant}";

    private static string ReadCloud()
    {
        using var reader = new StreamReader(typeof(Configurations).Assembly.GetManifestResourceStream("cloud.json")!);
        return reader.ReadToEnd();
    }
}
