namespace CanteenPay.DeviceAgent.Tests.Package;

/// <summary>update.sh is killed before one of its commands, at points spread over all of them; whatever it left must be put right by what follows.</summary>
public sealed class Package_updates_killed
{
    private const int NotKilled = 0;

    [Fact]
    public Task Killed_anywhere_in_an_update_to_a_healthy_version_the_machine_serves_and_the_update_can_be_done_again() => AtEachAsync(8, Fate.Well, AgainAsync);

    [Fact]
    public Task After_a_power_cut_anywhere_in_an_update_to_an_ill_version_the_machine_comes_back_to_the_one_before() => AtEachAsync(8, Fate.IllForReal, CutAsync);

    private static async Task AtEachAsync(int points, Fate fate, Func<FakeMachine, string, int, Task> afterwards)
    {
        await using var unharmed = await FakeMachine.InstalledAsync();
        var commands = (await unharmed.UpdateKilledBeforeAsync(NotKilled, await unharmed.PackedAsync("1.1.0", fate))).ShouldNotBeNull();
        commands.ShouldBeGreaterThan(50);
        await Parallel.ForEachAsync(Enumerable.Range(1, points), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (point, cancellationToken) =>
        {
            await using var machine = await FakeMachine.InstalledAsync();
            var package = await machine.PackedAsync("1.1.0", fate);
            var at = point * commands / (points + 1);
            // How often it looks for a healthy agent depends on the time; the points lie before its end anyway.
            (await machine.UpdateKilledBeforeAsync(at, package)).ShouldBeNull($"it was to be killed before command {at} of about {commands}");
            File.Exists(machine.At("opt/canteenpay/agent/current/CanteenPay.DeviceAgent")).ShouldBeTrue($"killed before command {at}");
            await afterwards(machine, package, at);
            (await File.ReadAllTextAsync(machine.At("var/lib/canteenpay/agent.db"), cancellationToken)).ShouldBe(FakeMachine.Money);
            Directory.GetFileSystemEntries(machine.At("opt/canteenpay/agent/releases"), ".*").ShouldBeEmpty();
        });
    }

    private static async Task AgainAsync(FakeMachine machine, string package, int at)
    {
        var again = await machine.UpdateAsync(package);

        (again.Code, machine.Serving, machine.Link("current"), machine.Link("proven")).ShouldBe((0, "1.1.0", "1.1.0", "1.1.0"), $"killed before command {at}: {again.Said}");
    }

    private static async Task CutAsync(FakeMachine machine, string package, int at)
    {
        await machine.CutPowerAsync();

        var settled = await machine.UpdateAsync("settle");

        settled.Code.ShouldBeOneOf(0, 1);
        (machine.Serving, machine.Link("current"), machine.Link("proven")).ShouldBe(("1.0.0", "1.0.0", "1.0.0"), $"killed before command {at}: {settled.Said}");
    }
}
