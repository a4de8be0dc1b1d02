using System.Text.Json.Nodes;
using CanteenPay.Lunch.Chaos;

namespace CanteenPay.Lunch.Tests.Chaos;

public sealed class Fault_counts
{
    [Fact]
    public void The_cloud_counts_for_each_hop() => FaultCounts.Of(
        JsonNode.Parse("""
            {"seed":1,"total":5,"hops":{"tables":{"title":"表","settings":{"throttle":0.02},"seen":90,"counts":{"throttle":2,"delay":0}},
             "handler-kill":{"counts":{"kill":3}}}}
            """),
        "cloud").ShouldBe(new Dictionary<string, long> { ["cloud handler-kill: kill"] = 3, ["cloud tables: throttle"] = 2 }, ignoreOrder: true);

    [Fact]
    public void The_bank_tells_what_was_done() => FaultCounts.Of(
        JsonNode.Parse("""{"seed":1,"slow":{"share":0.1,"ms":2000},"serverError":0.05,"done":{"slow":4,"serverError":0}}"""),
        "bank").ShouldBe(new Dictionary<string, long> { ["bank: slow"] = 4 });

    [Fact]
    public void What_is_no_status_counts_nothing() => FaultCounts.Of(JsonNode.Parse("[1,2]"), "x").ShouldBeEmpty();

    [Fact]
    public void Every_share_of_the_chaos_is_a_share_and_every_delay_is_short()
    {
        var shares = Leaves(ChaosLevels.Bank(1)).Concat(Leaves(ChaosLevels.Cloud(1))).ToList();

        shares.Where(leaf => leaf.Name is not ("ms" or "seed")).ShouldAllBe(leaf => leaf.Value > 0 && leaf.Value <= 0.25);
        shares.Where(leaf => leaf.Name == "ms").ShouldAllBe(leaf => leaf.Value <= 10_000);
    }

    private static IEnumerable<(string Name, double Value)> Leaves(JsonObject node) => node.SelectMany(pair => pair.Value is JsonObject inner
        ? Leaves(inner)
        : [(pair.Key, pair.Value is JsonValue value && value.TryGetValue<double>(out var number) ? number : ((JsonValue)pair.Value!).GetValue<int>())]);
}
