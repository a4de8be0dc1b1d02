using System.Text.Json.Nodes;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>Who says what a payment costs and who earns by it, and who reads it.</summary>
public sealed class TermsTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("""{"rateBasisPoints":30}""", "rateBasisPoints")]
    [InlineData("""{"bankCostBasisPoints":0}""", "bankCostBasisPoints")]
    [InlineData("""{"shares":[]}""", "shares")]
    [InlineData("""{"shares":[{"distributorId":"N0B0DY00","basisPoints":1}]}""", "shares")]
    public async Task A_distributor_does_not_set_terms(string body, string field)
    {
        var distributor = await _world.DistributorAsync();

        var filed = await _world.FileAsync(distributor, body);

        filed.Errors.ShouldHaveSingleItem().Key.ShouldBe(field);
        filed.Errors[field][0].ShouldNotContain("N0B0DY00");
    }

    [Fact]
    public async Task What_an_operator_agreed_stays_when_the_distributor_corrects_the_rest()
    {
        var distributor = await _world.DistributorAsync();
        var draft = (await _world.FileAsync(distributor, SampleApplication.Body())).View;
        var agreed = (await _world.ChangeAsync(World.Operator, draft.MerchantId, SampleApplication.Body(body =>
            (body["version"], body["rateBasisPoints"], body["bankCostBasisPoints"], body["shares"]) = (1, 55, 25, new JsonArray())))).View;

        (await _world.ChangeAsync(distributor, draft.MerchantId, Changed(2, body => body["rateBasisPoints"] = 60))).Errors.ShouldContainKey("rateBasisPoints");
        var repeated = await _world.ChangeAsync(distributor, draft.MerchantId, Changed(2, body => body["rateBasisPoints"] = 55));
        var silent = await _world.ChangeAsync(distributor, draft.MerchantId, Changed(3, _ => { }));

        foreach (var view in new[] { agreed, repeated.View, silent.View })
        {
            (view.RateBasisPoints, view.BankCostBasisPoints).ShouldBe((55, 25));
            view.Shares.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("""{"rateBasisPoints":1001}""", "rateBasisPoints")]
    [InlineData("""{"rateBasisPoints":29}""", "shares")]
    [InlineData("""{"shares":[{"distributorId":"N0B0DY00","basisPoints":5}]}""", "shares")]
    [InlineData("""{"shares":[{"distributorId":"N0B0DY00","basisPoints":0}]}""", "shares")]
    [InlineData("""{"bankCostBasisPoints":51}""", "shares")]
    public async Task Terms_of_an_operator_add_up(string body, string field)
    {
        var distributor = await _world.DistributorAsync();
        var draft = (await _world.FileAsync(distributor, "{}")).View;
        var change = JsonNode.Parse(body)!.AsObject();
        change["version"] = draft.Version;

        (await _world.ChangeAsync(World.Operator, draft.MerchantId, change.ToJsonString())).Errors.Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task A_merchants_own_people_do_not_read_what_others_earn_by_it_though_they_distribute_elsewhere()
    {
        var distributor = await _world.DistributorAsync();
        var merchant = await _world.ActiveMerchantAsync(distributor);
        var elsewhere = await _world.DistributorAsync("distributor-2", "华南经销");
        var both = elsewhere with
        {
            Roles = new HashSet<Role> { Role.Distributor, Role.Merchant },
            Scope = elsewhere.Scope with { Merchants = new HashSet<MerchantId> { merchant } },
        };

        (await MayReadAsync(both, merchant)).ShouldBeFalse();
        (await MayReadAsync(distributor, merchant)).ShouldBeTrue();
        (await MayReadAsync(World.Operator, merchant)).ShouldBeTrue();
    }

    /// <summary>Names of one word, which the audit would not take for something else.</summary>
    [Fact]
    public async Task The_audit_does_not_show_the_name_on_a_licence()
    {
        await using var http = await MerchantCalls.StartAsync(_world);
        var distributor = (await _world.DistributorAsync()).Scope.Distributors.Single().Value;

        await http.PostAsync("/api/applications", SampleApplication.Body(body =>
            (body["distributorId"], body["merchantName"], body["legalName"]) = (distributor, "Greenpine", "ZhangWei")), "filing-1");

        var rows = string.Join('\n', await _world.Tables.GetTableClient("Audit").QueryAsync<TableEntity>("").Select(row => string.Join('|', row.Select(column => column.Value))).ToListAsync());
        rows.ShouldContain("Greenpine");
        rows.ShouldNotContain("ZhangWei");
    }

    private Task<bool> MayReadAsync(Caller caller, MerchantId merchant) => _world.Get<ApplicationStore>().MayReadEarningsAsync(caller, merchant, CancellationToken.None);

    private static string Changed(int version, Action<JsonObject> change) => SampleApplication.Body(body =>
    {
        body["version"] = version;
        change(body);
    });
}
