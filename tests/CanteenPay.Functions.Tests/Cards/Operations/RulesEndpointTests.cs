using System.Net;
using System.Text.Json.Nodes;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>How the office sets the rules by which cards pay.</summary>
public sealed class RulesEndpointTests : IAsyncLifetime
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
    public async Task What_is_left_out_has_its_default_and_is_shown()
    {
        var (status, rules) = await _desk.GetAsync("/rules");

        (status, rules["version"]!.GetValue<long>()).ShouldBe((HttpStatusCode.OK, 1));
        var staff = rules["rules"]!["cardTypes"]![0]!;
        (staff["paidBasisPoints"]!.GetValue<int>(), staff["spillsToCash"]!.GetValue<bool>()).ShouldBe((10_000, true));
        rules["rules"]!["cardTypes"]![1]!["spillsToCash"]!.GetValue<bool>().ShouldBeFalse();
        rules["rules"]!["unbooked"]!["offlineMinutes"]!.GetValue<int>().ShouldBe(3 * 24 * 60);
    }

    [Fact]
    public async Task The_same_change_again_is_the_same_and_another_one_of_the_same_version_is_refused()
    {
        (await _desk.SendAsync(HttpMethod.Put, "/rules", OfficeDesk.Rules)).Body["version"]!.GetValue<long>().ShouldBe(1);

        var (status, _) = await _desk.SendAsync(HttpMethod.Put, "/rules", Changed(rules => rules["mode"] = "count"));
        status.ShouldBe(HttpStatusCode.Conflict);
        var (changed, next) = await _desk.SendAsync(HttpMethod.Put, "/rules", Changed(rules => rules["mode"] = "count", version: 1));
        (changed, next["version"]!.GetValue<long>()).ShouldBe((HttpStatusCode.OK, 2));
    }

    [Fact]
    public async Task A_change_is_told_to_every_machine_of_the_merchant_at_once()
    {
        (await _desk.SendAsync(HttpMethod.Put, "/rules", Changed(rules => rules["mode"] = "count", version: 1))).Status.ShouldBe(HttpStatusCode.OK);

        foreach (var machine in (DeviceId[])[World.Machine, World.OtherMachine])
            (_world.Broker.Published.Last(told => told.Topic == Topics.SettingsDown(machine)).Payload.ToString()).ShouldContain("\"mode\":\"count\"");
    }

    public static TheoryData<string, Action<JsonObject>> Wrong => new()
    {
        { "meals", rules => rules["meals"] = new JsonArray() },
        { "meals[3]", rules => rules["meals"]![3]!["to"] = "07:00:00" },
        { "meals[1]", rules => rules["meals"]![1]!["from"] = "08:59:59" },
        { "meals[1]", rules => rules["meals"]![1]!["to"] = "11:00:00" },
        { "meals", rules => rules["meals"]![1]!["meal"] = "breakfast" },
        { "meals[1].price", rules => rules["meals"]![1]!["price"] = -1 },
        { "cardTypes", rules => rules["cardTypes"] = new JsonArray() },
        { "cardTypes", rules => rules["cardTypes"]![1]!["type"] = "staff" },
        { "cardTypes[0].type", rules => rules["cardTypes"]![0]!["type"] = "Staff" },
        { "cardTypes[0].name.en", rules => rules["cardTypes"]![0]!["name"]!["en"] = new string('x', 41) },
        { "cardTypes[0].paidBasisPoints", rules => rules["cardTypes"]![0]!["paidBasisPoints"] = 0 },
        { "cardTypes[0].firstTaps", rules => rules["cardTypes"]![0]!["firstTaps"] = -1 },
        { "cardTypes[0].firstPrice", rules => rules["cardTypes"]![0]!["firstPrice"] = 10_000_000 },
        { "cardTypes[1].limits.perTap", rules => rules["cardTypes"]![1]!["limits"]!["perTap"] = 0 },
        { "cardTypes[1].limits.dayTaps", rules => rules["cardTypes"]![1]!["limits"]!["dayTaps"] = 1000 },
        { "cardTypes[0].meals", rules => rules["cardTypes"]![0]!["meals"] = new JsonArray() },
        { "items[0].no", rules => rules["items"]![0]!["no"] = 1000 },
        { "items[0].price", rules => rules["items"]![0]!["price"] = 0 },
        { "items", rules => rules["items"]!.AsArray().Add(rules["items"]![0]!.DeepClone()) },
        { "unbooked.perAccount", rules => rules["unbooked"] = new JsonObject { ["perAccount"] = 0 } },
        { "unbooked.offlineMinutes", rules => rules["unbooked"] = new JsonObject { ["offlineMinutes"] = 43_201 } },
        { "typedUid.dayAmount", rules => rules["typedUid"] = new JsonObject { ["perTap"] = 1500 } },
        { "typedUid.perTap", rules => rules["typedUid"] = new JsonObject { ["perTap"] = 10_001, ["dayAmount"] = 20_000 } },
        { "rules", rules => rules["items"]!.AsArray().Add(null) },
        { "mode", rules => rules["mode"] = 9 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_cannot_be_is_named_by_its_field_and_nothing_changes(string field, Action<JsonObject> change)
    {
        var (status, problem) = await _desk.SendAsync(HttpMethod.Put, "/rules", Changed(change, version: 1));

        status.ShouldBe(HttpStatusCode.UnprocessableEntity, problem.ToJsonString());
        problem["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
        (await _desk.GetAsync("/rules")).Body["version"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task What_machines_could_not_be_sent_is_refused()
    {
        var many = Changed(
            rules =>
            {
                for (var no = 2; no <= 120; no++)
                    rules["items"]!.AsArray().Add(new JsonObject { ["no"] = no, ["name"] = new JsonObject { ["zh"] = new string('米', 40), ["en"] = new string('x', 40) }, ["price"] = 100 });
            },
            version: 1);

        var (status, problem) = await _desk.SendAsync(HttpMethod.Put, "/rules", many);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem["errors"]!["items"]![0]!.GetValue<string>().ShouldContain("32 KB");
    }

    [Theory]
    [InlineData("""{"version":1,"rules":{"meals":[],"cardTypes":[],"itmes":[]}}""")]
    [InlineData("""{"version":1,"rules":null}""")]
    [InlineData("""{"rules":{"meals":[],"cardTypes":[]}}""")]
    [InlineData("""{"version":1,"rules":{"meals":[{"meal":"brunch","from":"11:00:00","to":"13:00:00"}],"cardTypes":[]}}""")]
    public async Task What_cannot_be_read_is_refused_in_words(string body)
    {
        var (status, problem) = await _desk.SendAsync(HttpMethod.Put, "/rules", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["detail"]!.GetValue<string>().ShouldContain("JSON");
    }

    private static string Changed(Action<JsonObject> change, long version = 0)
    {
        var body = JsonNode.Parse(OfficeDesk.Rules)!.AsObject();
        body["version"] = version;
        change(body["rules"]!.AsObject());
        return body.ToJsonString();
    }
}
