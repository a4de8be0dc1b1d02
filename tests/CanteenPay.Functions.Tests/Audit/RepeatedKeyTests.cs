using System.Net;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Tests.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Audit;

/// <summary>Whoever heard no answer asks again under the same key: the audit has one change, and says that the second request repeats it.</summary>
public sealed class RepeatedKeyTests : IAsyncLifetime
{
    private readonly World _world = new();
    private MerchantCalls _http = null!;
    private MerchantId _merchant;

    public async Task InitializeAsync()
    {
        _http = await MerchantCalls.StartAsync(_world);
        _merchant = await _world.ActiveMerchantAsync(await _world.DistributorAsync());
    }

    public async Task DisposeAsync()
    {
        await _http.DisposeAsync();
        _world.Dispose();
    }

    [Theory]
    [InlineData("/api/distributors", """{"name":"华北经销"}""")]
    [InlineData("/api/merchants/{0}/machines", """{"name":"一号窗口"}""")]
    [InlineData("/api/merchants/{0}/subscription/renewals", "{}")]
    public async Task One_change_and_one_repetition(string path, string body)
    {
        path = path.Replace("{0}", _merchant.Value, StringComparison.Ordinal);
        (await _http.PostAsync(path, body, "asked-twice")).Status.ShouldBe(HttpStatusCode.Created);
        (await _http.PostAsync(path, body, "asked-twice")).Status.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.OK);

        var done = (await EntriesAsync()).Where(entry => entry["kind"]!.GetValue<string>() == "Done").Select(entry => entry["after"]!.GetValue<string>()).ToList();

        done.Count.ShouldBe(2);
        done[0].ShouldNotContain("repeated");
        done[1].ShouldBe("""{"repeated":true}""");
    }

    private async Task<IEnumerable<JsonNode>> EntriesAsync() =>
        (await _http.GetAsync($"/api/audit/{BusinessDay.Of(_world.Clock.GetUtcNow()):yyyy-MM-dd}"))["entries"]!.AsArray().OfType<JsonNode>();
}
