namespace CanteenPay.DeviceAgent.Tests.Package;

/// <summary>What update.sh makes of good and bad packages. The scripts are the real ones.</summary>
public sealed class Package_updates
{
    [Fact]
    public async Task A_healthy_version_runs_and_the_one_before_can_be_gone_back_to()
    {
        await using var machine = await FakeMachine.InstalledAsync();

        var updated = await machine.UpdateAsync(await machine.PackedAsync("1.1.0"));

        (updated.Code, machine.Serving, machine.Link("proven"), machine.Link("previous")).ShouldBe((0, "1.1.0", "1.1.0", "1.0.0"), updated.Said);
        (await machine.UpdateAsync("back")).Code.ShouldBe(0);
        (machine.Serving, machine.Link("proven")).ShouldBe(("1.0.0", "1.0.0"));
        (await File.ReadAllTextAsync(machine.At("var/lib/canteenpay/agent.db"))).ShouldBe(FakeMachine.Money);
    }

    [Fact]
    public async Task A_version_that_does_not_start_never_gets_the_till()
    {
        await using var machine = await FakeMachine.InstalledAsync();

        var refused = await machine.UpdateAsync(await machine.PackedAsync("1.1.0", Fate.Crashes));

        (refused.Code, machine.Serving, machine.Link("current")).ShouldBe((2, "1.0.0", "1.0.0"));
        refused.Said.ShouldContain("it was born so");
        machine.Told.ShouldNotContain(told => told.StartsWith("restart", StringComparison.Ordinal) || told.StartsWith("stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_is_ill_on_the_real_machine_is_gone_back_from()
    {
        await using var machine = await FakeMachine.InstalledAsync();

        var updated = await machine.UpdateAsync(await machine.PackedAsync("1.1.0", Fate.IllForReal));

        (updated.Code, machine.Serving, machine.Link("current"), machine.Link("proven")).ShouldBe((1, "1.0.0", "1.0.0", "1.0.0"), updated.Said);
        (await File.ReadAllTextAsync(machine.At("var/lib/canteenpay/agent.db"))).ShouldBe(FakeMachine.Money);
    }

    [Fact]
    public async Task A_version_that_no_longer_reaches_the_cloud_is_gone_back_from_because_nobody_could_mend_it_from_afar()
    {
        await using var machine = await FakeMachine.InstalledAsync();
        await File.WriteAllTextAsync(machine.At("run/offline-1.1.0"), "");

        (await machine.UpdateAsync(await machine.PackedAsync("1.1.0"))).Code.ShouldBe(1);

        machine.Serving.ShouldBe("1.0.0");
        // A machine without a link takes the same version: the cable is at fault, not the version.
        await File.WriteAllTextAsync(machine.At("run/offline-1.0.0"), "");
        (await machine.UpdateAsync(machine.At("packages/canteenpay-agent-1.1.0-linux-x64.tar.gz"))).Code.ShouldBe(0);
        machine.Serving.ShouldBe("1.1.0");
    }

    [Fact]
    public async Task A_package_that_is_not_what_its_digest_says_changes_nothing()
    {
        await using var machine = await FakeMachine.InstalledAsync();
        var package = await machine.PackedAsync("1.1.0");
        await File.AppendAllTextAsync(package, "x");

        var refused = await machine.UpdateAsync(package);

        (refused.Code, machine.Serving).ShouldBe((2, "1.0.0"));
        refused.Said.ShouldContain("is not what it should be");
        machine.Releases.ShouldBe(["1.0.0"]);
    }

    [Fact]
    public async Task A_newer_database_is_tried_on_a_copy_while_the_till_stands_still_and_has_no_way_back()
    {
        await using var machine = await FakeMachine.InstalledAsync();

        (await machine.UpdateAsync(await machine.PackedAsync("1.1.0", database: 6))).Code.ShouldBe(0);

        machine.Told.Select(told => told.Split(' ')[0]).ShouldBe(["start", "stop", "restart", "enable"]);
        var refused = await machine.UpdateAsync("back");
        (refused.Code, machine.Serving).ShouldBe((2, "1.1.0"));
        refused.Said.ShouldContain("cannot read the database");
        (await machine.UpdateAsync(await machine.PackedAsync("1.2.0", Fate.Crashes, database: 7))).Code.ShouldBe(2);
        machine.Serving.ShouldBe("1.1.0");
    }

    [Fact]
    public async Task Only_the_newest_releases_are_kept()
    {
        await using var machine = await FakeMachine.InstalledAsync();

        foreach (var version in new[] { "1.1.0", "1.2.0", "1.3.0" })
            (await machine.UpdateAsync(await machine.PackedAsync(version))).Code.ShouldBe(0);

        machine.Releases.ShouldBe(["1.1.0", "1.2.0", "1.3.0"]);
    }

    [Fact]
    public async Task Settings_that_systemd_would_read_otherwise_are_named_before_anything_stops()
    {
        await using var machine = await FakeMachine.InstalledAsync();
        await File.WriteAllTextAsync(machine.At("etc/canteenpay/agent.env"), "Agent__DeviceId=DEVMACH1\r\n");

        var refused = await machine.UpdateAsync(await machine.PackedAsync("1.1.0", database: 6));

        (refused.Code, machine.Serving).ShouldBe((2, "1.0.0"));
        refused.Said.ShouldContain("line ends of Windows");
        machine.Told.ShouldNotContain(told => told.StartsWith("stop", StringComparison.Ordinal));
    }
}
