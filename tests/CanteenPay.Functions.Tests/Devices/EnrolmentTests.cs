using System.Net;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Tests.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Devices;

/// <summary>Machines of merchants: <c>/api/merchants/{id}/machines</c> and <c>/api/machines/{id}</c>.</summary>
public sealed class EnrolmentTests : IAsyncLifetime
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

    [Fact]
    public async Task A_machine_is_enrolled_once_for_a_key_and_listed_with_its_merchant()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        var again = await _http.EnrolAsync(_merchant, "一号窗口");
        var other = await _http.EnrolAsync(_merchant, "二号窗口", "machine-2");

        again.ShouldBe(device);
        (await _http.PostAsync($"/api/merchants/{_merchant}/machines", """{"name":"三号窗口"}""", "machine-1")).Body["code"]!.GetValue<string>().ShouldBe("key-reused");
        (await _http.GetAsync($"/api/merchants/{_merchant}/machines")).AsArray().Select(machine => machine!["deviceId"]!.GetValue<string>())
            .ShouldBe([device.Value, other.Value], ignoreOrder: true);
    }

    [Fact]
    public async Task A_merchant_that_is_not_active_yet_has_no_machines()
    {
        var draft = await _world.SubmittedAsync(await _world.DistributorAsync(), "filing-2");

        (await _http.PostAsync($"/api/merchants/{draft}/machines", """{"name":"一号窗口"}""", "machine-1")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"name":""}""", "machine-1", "name")]
    [InlineData("""{"name":"一二三四五六七八九十一二三四五六七八九十一"}""", "machine-1", "name")]
    [InlineData("""{"name":"一号窗口"}""", null, "Idempotency-Key")]
    public async Task What_is_wrong_is_named(string body, string? key, string field)
    {
        var (status, problem) = await _http.PostAsync($"/api/merchants/{_merchant}/machines", body, key);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem["errors"]!.AsObject().ShouldHaveSingleItem().Key.ShouldBe(field);
    }

    [Fact]
    public async Task A_blocked_machine_is_refused_within_a_minute_until_it_is_unblocked()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        (await AskForQrAsync(device, _merchant)).ShouldBeOfType<PayQr>();

        (await _http.PostAsync($"/api/machines/{device}/block", "")).Body["state"]!.GetValue<string>().ShouldBe("blocked");
        (await AskForQrAsync(device, _merchant)).ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.DeviceNotAllowed);
        (await _http.PostAsync($"/api/machines/{device}/unblock", "")).Body["state"]!.GetValue<string>().ShouldBe("active");
        (await AskForQrAsync(device, _merchant)).ShouldBeOfType<PayQr>();
    }

    [Fact]
    public async Task A_machine_that_was_moved_serves_its_new_merchant_only()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");

        (await _http.PostAsync($"/api/machines/{device}/move", """{"merchantId":"N0B0DY00"}""")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _http.PostAsync($"/api/machines/{device}/move", $$"""{"merchantId":"{{World.Merchant}}"}""")).Status.ShouldBe(HttpStatusCode.OK);

        (await AskForQrAsync(device, _merchant)).ShouldBeOfType<PayRefused>();
        (await AskForQrAsync(device, World.Merchant)).ShouldBeOfType<PayQr>();
        (await _http.PostAsync("/api/machines/N0THERE0/block", "")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_enrolment_that_is_killed_after_any_step_makes_one_machine()
    {
        for (var killAfter = 1; ; killAfter++)
        {
            using var world = new World();
            var merchant = await world.ActiveMerchantAsync(await world.DistributorAsync());
            var killed = world.KillAfter(killAfter);
            for (var attempt = 0; attempt < 3; attempt++)
            {
                world.HandlerIsDead = false;
                try
                {
                    await world.Get<Enrolment>().EnrolAsync(merchant, "machine-1", "一号窗口", CancellationToken.None);
                }
                catch (Killed death)
                {
                    world.Failures.Add(death);
                }
            }

            world.NobodyIsKilled();
            (await world.Get<DeviceRegistry>().ListAsync(merchant, CancellationToken.None).CountAsync()).ShouldBe(1, $"killed after I/O {killAfter}");
            if (!killed())
                break;
            killAfter.ShouldBeLessThan(30);
        }
    }

    private async Task<DeviceMessage> AskForQrAsync(DeviceId device, MerchantId merchant)
    {
        await _world.PassAsync(TimeSpan.FromSeconds(61));
        await _world.DeviceSaysAsync(MerchantCalls.Request(merchant, device, _world.Clock.GetUtcNow()), device);
        return _world.Told(device)[^1];
    }
}
