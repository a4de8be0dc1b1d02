using System.Net;
using Azure;
using Azure.Identity;
using CanteenPay.Azure.ResourceManager;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Tests.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Devices;

/// <summary>What the broker is told of machines, and that it comes to know all that the registry does.</summary>
public sealed class BrokerClientTests : IAsyncLifetime
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
    public async Task An_enrolled_machine_is_a_client_of_the_broker_known_by_its_id_and_its_merchant()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");

        var client = _world.Clients.All.ShouldHaveSingleItem();
        client.Key.ShouldBe(device.Value);
        client.Value.Says(Client(device, _merchant, isEnabled: true)).ShouldBeTrue();
        (await MarksAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_blocked_machine_is_disabled_at_the_broker_until_it_is_unblocked()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");

        (await ChangeAsync(device, "block")).ShouldBe(HttpStatusCode.OK);
        _world.Clients.All[device.Value].Says(Client(device, _merchant, isEnabled: false)).ShouldBeTrue();
        (await ChangeAsync(device, "unblock")).ShouldBe(HttpStatusCode.OK);
        _world.Clients.All[device.Value].Says(Client(device, _merchant, isEnabled: true)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_moved_machine_has_its_new_merchants_feed_at_the_broker()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");

        (await ChangeAsync(device, "move", $$"""{"merchantId":"{{World.Merchant}}"}""")).ShouldBe(HttpStatusCode.OK);

        _world.Clients.All[device.Value].Says(Client(device, World.Merchant, isEnabled: true)).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_asks_again_has_the_broker_told_again_because_somebody_may_have_changed_the_client_by_hand()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        (await ChangeAsync(device, "block")).ShouldBe(HttpStatusCode.OK);
        await _world.Clients.CreateOrUpdateAsync(device.Value, Client(device, _merchant, isEnabled: true));

        (await ChangeAsync(device, "block")).ShouldBe(HttpStatusCode.OK);

        _world.Clients.All[device.Value].Says(Client(device, _merchant, isEnabled: false)).ShouldBeTrue();
        (await MarksAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_broker_does_not_listen_or_the_app_gets_no_token_a_change_is_accepted_and_the_sweep_tells_it(bool isToken)
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        _world.Clients.BeforeOperation = _ => throw (isToken ? new AuthenticationFailedException("no token") : new RequestFailedException(0, "nobody answers"));

        (await ChangeAsync(device, "block")).ShouldBe(HttpStatusCode.Accepted);
        (await _http.PostAsync($"/api/merchants/{_merchant}/machines", """{"name":"二号窗口"}""", "machine-2")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await _http.GetAsync($"/api/merchants/{_merchant}/machines")).AsArray().Count.ShouldBe(2);
        await SweepForAsync(minutes: 3);
        _world.Clients.All[device.Value].IsEnabled.ShouldBeTrue();

        _world.Clients.BeforeOperation = null;
        await SweepForAsync(minutes: 2);
        await ShouldAgreeAsync(_world, "the broker listens again");
        await SweepForAsync(minutes: 10);
        (await MarksAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_machine_that_the_broker_refuses_does_not_keep_it_from_the_others()
    {
        _world.Clients.BeforeOperation = _ => throw new RequestFailedException(0, "nobody answers");
        foreach (var number in Enumerable.Range(1, 3))
            await _http.PostAsync($"/api/merchants/{_merchant}/machines", """{"name":"窗口"}""", $"machine-{number}");
        var refused = (await MarksAsync())[0].Device;
        _world.Clients.BeforeOperation = name => name == $"Client {refused}" ? throw new RequestFailedException(400, "refused") : Task.CompletedTask;

        await SweepForAsync(minutes: 20);

        _world.Clients.All.Count.ShouldBe(2);
        (await MarksAsync()).ShouldHaveSingleItem().Device.ShouldBe(refused);
        _world.Log.ShouldContain(line => line.Contains("does not know yet", StringComparison.Ordinal) && line.Contains(refused.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asked_again_the_broker_is_told_what_it_did_not_hear_the_first_time()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        _world.Clients.BeforeOperation = _ => throw new RequestFailedException(503, "busy");
        (await ChangeAsync(device, "block")).ShouldBe(HttpStatusCode.Accepted);
        _world.Clients.BeforeOperation = null;

        // Whoever failed may still be at it.
        (await ChangeAsync(device, "block")).ShouldBe(HttpStatusCode.Accepted);
        await _world.PassAsync(BrokerMarks.Hold + TimeSpan.FromSeconds(1));
        (await ChangeAsync(device, "block")).ShouldBe(HttpStatusCode.OK);

        _world.Clients.All[device.Value].IsEnabled.ShouldBeFalse();
    }

    [Fact]
    public async Task An_older_word_never_comes_to_the_broker_after_a_newer_one()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        var meanwhile = HttpStatusCode.Unused;
        _world.Clients.BeforeOperation = async _ =>
        {
            // Blocked while the broker is about to hear that the machine is moved.
            _world.Clients.BeforeOperation = null;
            meanwhile = await ChangeAsync(device, "block");
        };

        (await ChangeAsync(device, "move", $$"""{"merchantId":"{{World.Merchant}}"}""")).ShouldBe(HttpStatusCode.Accepted);
        meanwhile.ShouldBe(HttpStatusCode.Accepted);
        _world.Clients.All[device.Value].IsEnabled.ShouldBeTrue();
        await SweepForAsync(minutes: 2);

        _world.Clients.All[device.Value].Says(Client(device, World.Merchant, isEnabled: false)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("enrol")]
    [InlineData("block")]
    [InlineData("unblock")]
    [InlineData("move")]
    public async Task Whoever_is_killed_after_any_step_of_a_change_and_never_comes_back_leaves_a_broker_that_says_what_the_registry_says(string change)
    {
        for (var killAfter = 1; ; killAfter++)
        {
            using var world = new World();
            var merchant = await world.ActiveMerchantAsync(await world.DistributorAsync());
            var enrolment = world.Get<Enrolment>();
            var device = change == "enrol" ? default : (await enrolment.EnrolAsync(merchant, "machine-1", "一号窗口", CancellationToken.None))!.Value.Device;
            if (change == "unblock")
                await TryAsync(device, machine => machine with { IsActive = false });
            var killed = world.KillAfter(killAfter);
            try
            {
                _ = change switch
                {
                    "enrol" => (await enrolment.EnrolAsync(merchant, "machine-1", "一号窗口", CancellationToken.None))!.Value.IsTold,
                    "block" => await TryAsync(device, machine => machine with { IsActive = false }),
                    "unblock" => await TryAsync(device, machine => machine with { IsActive = true }),
                    _ => await TryAsync(device, machine => machine with { Merchant = World.Merchant }),
                };
            }
            catch (Killed death)
            {
                world.Failures.Add(death);
            }

            world.NobodyIsKilled();
            world.HandlerIsDead = false;
            for (var minute = 0; minute < 10; minute++)
            {
                world.Clock.MoveTo(world.Clock.GetUtcNow().AddMinutes(1));
                await world.SweepAsync();
            }

            await ShouldAgreeAsync(world, $"killed after I/O {killAfter}");
            (await world.Get<BrokerMarks>().ListAsync(CancellationToken.None).CountAsync()).ShouldBe(0);
            if (!killed())
                break;
            killAfter.ShouldBeLessThan(20);

            async Task<bool> TryAsync(DeviceId id, Func<DeviceProfile, DeviceProfile> next) =>
                (await enrolment.TryChangeAsync(next((await enrolment.FindAsync(id, CancellationToken.None))!), CancellationToken.None))!.Value;
        }
    }

    [Fact]
    public async Task A_mark_stays_while_its_setter_may_still_be_about_to_write_the_registry()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        var registrar = _world.Get<MachineRegistrar>();
        await registrar.MarkAsync(device, CancellationToken.None);

        await SweepForAsync(minutes: 3);
        (await MarksAsync()).ShouldHaveSingleItem();
        var enrolment = _world.Get<Enrolment>();
        // The setter writes the registry at last, and dies.
        await _world.Tables.GetTableClient("Devices").UpsertEntityAsync(
            (await enrolment.FindAsync(device, CancellationToken.None))! with { IsActive = false }, CanteenPay.Azure.Tables.TableUpdateMode.Replace);
        await SweepForAsync(minutes: 8);

        _world.Clients.All[device.Value].IsEnabled.ShouldBeFalse();
        (await MarksAsync()).ShouldBeEmpty();
    }

    private static EventGridNamespaceClient Client(DeviceId device, MerchantId merchant, bool isEnabled) =>
        new(device.Value, isEnabled, new Dictionary<string, string> { ["merchant"] = merchant.Value, ["kind"] = "machine" });

    private static async Task ShouldAgreeAsync(World world, string when)
    {
        var machines = await world.Tables.GetTableClient("Devices").QueryAsync<DeviceProfile>("RowKey eq 'profile'")
            .Where(machine => machine.Id != World.Machine && machine.Id != World.OtherMachine).ToListAsync();
        world.Clients.All.Count.ShouldBe(machines.Count, when);
        foreach (var machine in machines)
            world.Clients.All[machine.Id.Value].Says(Client(machine.Id, machine.Merchant, machine.IsActive)).ShouldBeTrue($"{when}: {machine}");
    }

    private async Task<HttpStatusCode> ChangeAsync(DeviceId device, string change, string body = "") =>
        (await _http.PostAsync($"/api/machines/{device}/{change}", body)).Status;

    private async Task<IReadOnlyList<BrokerMark>> MarksAsync() => await _world.Get<BrokerMarks>().ListAsync(CancellationToken.None).ToListAsync();

    private async Task SweepForAsync(int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            await _world.PassAsync(TimeSpan.FromMinutes(1));
            await _world.SweepAsync();
        }
    }
}
