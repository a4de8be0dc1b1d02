using Microsoft.Extensions.Configuration;

namespace CanteenPay.DeviceAgent.Tests.Package;

/// <summary>install.sh as somebody meets it who has never done it.</summary>
public sealed class Package_installed
{
    [Fact]
    public async Task The_first_run_says_what_to_fill_in_the_second_starts_and_the_third_changes_nothing()
    {
        await using var machine = await FakeMachine.StartAsync();
        var install = Path.Combine(await machine.UnpackedAsync("1.0.0"), "install.sh");

        var first = await machine.RunAsync(install);
        (first.Code, machine.Serving).ShouldBe((0, null));
        first.Said.ShouldContain("Fill in");
        await File.AppendAllTextAsync(machine.At("etc/canteenpay/agent.env"), "Agent__QrSeconds=90\n");

        (await machine.RunAsync(install)).Code.ShouldBe(0);
        (machine.Serving, machine.Link("proven")).ShouldBe(("1.0.0", "1.0.0"));
        machine.Told.ShouldContain("enable --quiet --now canteenpay-agent-renew.timer");

        (await machine.RunAsync(install)).Said.ShouldContain("installed already");
        (await File.ReadAllTextAsync(machine.At("etc/canteenpay/agent.env"))).ShouldContain("Agent__QrSeconds=90");
    }

    [Fact]
    public async Task An_agent_that_does_not_start_with_the_settings_is_not_enabled_and_its_own_words_are_shown()
    {
        await using var machine = await FakeMachine.StartAsync();
        var install = Path.Combine(await machine.UnpackedAsync("1.0.0", Fate.Crashes), "install.sh");
        (await machine.RunAsync(install)).Code.ShouldBe(0);

        var refused = await machine.RunAsync(install);

        refused.Code.ShouldBe(2);
        refused.Said.ShouldContain("it was born so");
        machine.Told.ShouldNotContain(told => told.StartsWith("enable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_that_has_an_agent_is_sent_to_the_update()
    {
        await using var machine = await FakeMachine.InstalledAsync();

        var refused = await machine.RunAsync(Path.Combine(await machine.UnpackedAsync("1.1.0"), "install.sh"));

        (refused.Code, machine.Serving).ShouldBe((2, "1.0.0"));
        refused.Said.ShouldContain("update.sh");
    }

    [Fact]
    public async Task The_certificate_is_renewed_each_day_by_the_command_that_the_agent_has_where_the_settings_say()
    {
        var unit = await File.ReadAllTextAsync(Path.Combine(FakeRelease.Source, "canteenpay-agent-renew.service"));
        var timer = await File.ReadAllLinesAsync(Path.Combine(FakeRelease.Source, "canteenpay-agent-renew.timer"));

        unit.ShouldContain($"CanteenPay.DeviceAgent {DeviceAgent.Enrolment.EnrolCommand.RenewOption} ${{CANTEENPAY_CLOUD}}\n");
        (await File.ReadAllLinesAsync(Path.Combine(FakeRelease.Source, "agent.env"))).ShouldContain("CANTEENPAY_CLOUD=");
        timer.ShouldContain("OnCalendar=daily");
    }

    [Fact]
    public async Task What_the_unit_gives_the_agent_is_what_the_agent_expects()
    {
        var unit = await File.ReadAllLinesAsync(Path.Combine(FakeRelease.Source, "canteenpay-agent.service"));
        var watchdog = TimeSpan.FromSeconds(int.Parse(unit.Single(line => line.StartsWith("WatchdogSec=", StringComparison.Ordinal))[12..]));

        unit.ShouldContain("Type=notify");
        unit.ShouldContain("Environment=Agent__StateFolder=/var/lib/canteenpay");
        // A stuck till is noticed within two minutes.
        (watchdog + Terminal.TillLoop.LongestTurn).ShouldBeLessThan(TimeSpan.FromMinutes(2));
        var settings = await File.ReadAllLinesAsync(Path.Combine(FakeRelease.Source, "agent.env"));
        var names = settings.Where(line => line.StartsWith("Agent__", StringComparison.Ordinal)).Select(line => line.Split('=')[0]["Agent__".Length..].Replace("__", ":", StringComparison.Ordinal));
        var (_, problems) = Settings.SettingsReader.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(names.Select(name => KeyValuePair.Create("Agent:" + name, (string?)"")))
            .Build());
        problems.ShouldNotContain(problem => problem.Contains("is not a setting", StringComparison.Ordinal));
    }
}
