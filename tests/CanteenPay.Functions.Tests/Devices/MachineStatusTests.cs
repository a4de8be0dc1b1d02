using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Devices;

public sealed class MachineStatusTests : IDisposable
{
    private static readonly DeviceStatus Status = new()
    {
        Version = "1.2",
        Unsent = 3,
        OldestUnsentAgeS = 40,
        OpenOrders = 1,
        Clock = World.Noon.AddDays(-1),
        DiskFreeBytes = 5,
        LastError = "disk",
    };

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_status_is_answered_with_the_clouds_time_and_kept_for_operators()
    {
        await _world.DeviceStatusAsync(Status);

        var published = _world.Broker.Published.ShouldHaveSingleItem();
        published.Topic.ShouldBe(Topics.StatusDown(World.Machine));
        published.Options.Retain.ShouldBeFalse("time is never learnt from a retained message");
        DeviceMessageJson.TryRead(published.Payload, out var answer, out _).ShouldBeTrue();
        answer.ShouldBeOfType<StatusAck>().ShouldSatisfyAllConditions(
            ack => ack.Now.ShouldBe(World.Noon),
            ack => ack.InReplyTo.ShouldBe(Status.Id));
        var kept = (await KeptAsync()).Status.ShouldNotBeNull();
        kept.ShouldBe(Status with { Id = kept.Id });
    }

    [Fact]
    public async Task A_machine_that_the_broker_says_is_gone_is_kept_as_gone()
    {
        await _world.DeviceStatusAsync(Status);
        await _world.DeviceStatusAsync(new DeviceOffline(), sentAt: World.Noon.AddSeconds(9));

        (await KeptAsync()).Status.ShouldBeNull();
        (await KeptAsync()).HeardAt.ShouldBe(World.Noon.AddSeconds(9));
    }

    [Fact]
    public async Task An_older_message_that_comes_later_changes_nothing()
    {
        await _world.DeviceStatusAsync(Status);
        await _world.DeviceStatusAsync(new DeviceOffline(), sentAt: World.Noon.AddSeconds(-9));

        (await KeptAsync()).Status.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_machine_that_is_not_enrolled_gets_no_row_and_no_answer()
    {
        await _world.DeviceStatusAsync(Status, sender: DeviceId.Parse("N0TENR01"));

        _world.Broker.Published.ShouldBeEmpty();
        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain("N0TENR01");
    }

    [Fact]
    public async Task A_machine_that_is_blocked_is_refused_a_minute_later_at_most()
    {
        await _world.DeviceSaysAsync(World.Request());
        await _world.Tables.GetTableClient("Devices").UpsertEntityAsync(
            new DeviceProfile(World.Machine, World.Merchant, "一号窗口", IsActive: false), CanteenPay.Azure.Tables.TableUpdateMode.Replace);

        _world.Clock.MoveTo(World.Noon.AddSeconds(61));
        await _world.DeviceSaysAsync(World.Request());

        _world.Told()[^1].ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.DeviceNotAllowed);
    }

    private Task<DeviceStatusRow> KeptAsync() => _world.Tables.GetTableClient("Devices").GetEntityAsync<DeviceStatusRow>(World.Machine.Value, DeviceRegistry.StatusRow);
}
