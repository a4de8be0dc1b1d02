using System.Diagnostics;
using CanteenPay.LocalCloud.Host;
using Microsoft.Extensions.Logging;

namespace CanteenPay.LocalCloud.Tests.Host;

/// <summary>The rules of a handler's life, with real processes.</summary>
public sealed class ProcessRulesTests
{
    [Fact]
    public async Task The_third_error_exit_stops_the_host_and_the_messages_stay()
    {
        await using var rig = await HostRig.StartAsync(TestApp.OfScript("echo broken >&2; exit 3\n"), handler: null);
        await rig.SendAsync("jobs", "x");

        (await Should.ThrowAsync<FunctionsHostException>(rig.Host.WhenReadyAsync(default))).Message.ShouldContain("exited with 3");

        var handler = rig.Host.Status().Handlers.Single();
        (handler.State, handler.Starts, handler.Errors).ShouldBe((HandlerState.HostStopped, 3, 3));
        handler.LastError!.ShouldContain("exited with 3");
        rig.Queue("jobs").Counts.ShouldSatisfyAllConditions(c => c.Completed.ShouldBe(0), c => c.DeadLettered.ShouldBe(0));
        rig.Log.Has(LogLevel.Error, "Handler.all", "broken").ShouldBeTrue();
        await Eventually.HoldsAsync(() => rig.Log.Has(LogLevel.Error, typeof(FunctionsHost).FullName!, "takes no more messages"));
    }

    [Fact]
    public async Task Exit_0_is_never_restarted_and_burns_every_message_into_parked()
    {
        await using var rig = await HostRig.StartAsync(TestApp.OfScript("exit 0\n"), handler: null, o => o with { UnreachableGrace = TimeSpan.Zero });
        await rig.SendAsync("jobs", "x");

        await Eventually.HoldsAsync(() => rig.Queue("parked").Ready == 1);

        var handler = rig.Host.Status().Handlers.Single();
        (handler.State, handler.Starts).ShouldBe((HandlerState.ExitedForGood, 1));
        rig.Function("Work").Failures.ShouldBe(10);
    }

    [Fact]
    public async Task Exit_200_is_a_wanted_restart_that_counts_as_no_error()
    {
        await using var rig = await HostRig.StartAsync(TestApp.OfScript("exit 200\n"), handler: null);
        await Eventually.HoldsAsync(() => rig.Host.Status().Handlers.Single().Starts > 4);
        rig.Host.Status().Handlers.Single().ShouldSatisfyAllConditions(h => h.Errors.ShouldBe(0), h => h.State.ShouldNotBe(HandlerState.HostStopped));
    }

    [Fact]
    public async Task A_handler_that_never_answers_is_killed_and_counts_as_an_error_each_time()
    {
        await using var rig = await HostRig.StartAsync(TestApp.OfScript("echo $$ >> pids; exec sleep 600\n"), handler: null, o => o with { InitializationTimeout = TimeSpan.FromMilliseconds(300) });

        (await Should.ThrowAsync<FunctionsHostException>(rig.Host.WhenReadyAsync(default))).Message.ShouldContain("did not answer within");

        rig.Host.Status().Handlers.Single().Starts.ShouldBe(3);
        await Eventually.HoldsAsync(() => rig.Pids().TrueForAll(static pid => !IsRunning(pid)));
    }

    [Fact]
    public async Task Stopping_the_host_kills_the_handler()
    {
        var rig = await HostRig.StartAsync(TestApp.OfScript("trap '' TERM INT; echo $$ >> pids; sleep 600; sleep 600\n"), handler: null);
        await using (rig)
        {
            await Eventually.HoldsAsync(() => rig.Pids().Count == 1);
            var pid = rig.Pids().Single();
            IsRunning(pid).ShouldBeTrue();

            await rig.Host.StopAsync();

            await Eventually.HoldsAsync(() => !IsRunning(pid));
            rig.Host.Status().Handlers.Single().State.ShouldBe(HandlerState.Stopped);
        }
    }

    [Fact]
    public async Task The_handler_gets_its_port_its_id_its_folder_and_the_app_settings_but_not_our_servers_settings()
    {
        await using var rig = await HostRig.StartAsync(
            TestApp.OfScript("echo \"$FUNCTIONS_CUSTOMHANDLER_PORT|$FUNCTIONS_CUSTOMHANDLER_WORKER_ID|$FUNCTIONS_APP_ROOT_PATH|$Tables|$ASPNETCORE_URLS.\" > environment.new; mv environment.new environment; exec sleep 600\n"),
            handler: null, o => o with { AppSettings = new Dictionary<string, string> { ["Tables"] = "UseDevelopmentStorage=true" } });
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(rig.AppFolder, "environment")));

        var told = (await File.ReadAllTextAsync(Path.Combine(rig.AppFolder, "environment"))).Trim().Split('|');
        told[0].ShouldBe($"{rig.Host.Status().Handlers.Single().Port}");
        Guid.TryParse(told[1], out _).ShouldBeTrue();
        told[2..].ShouldBe([rig.AppFolder, "UseDevelopmentStorage=true", "."]);
    }

    [Fact]
    public async Task An_executable_that_is_not_there_is_named()
    {
        await using var rig = await HostRig.StartAsync(new TestApp("""{"description":{"defaultExecutablePath":"CanteenPay.Nothing"},"enableProxyingHttpRequest":true}""").WithQueue("Work", "jobs"), handler: null);
        (await Should.ThrowAsync<FunctionsHostException>(rig.Host.WhenReadyAsync(default))).Message.ShouldContain("CanteenPay.Nothing");
    }

    [Fact]
    public async Task A_message_under_way_when_the_handler_dies_comes_again_to_the_restarted_one()
    {
        InProcessHandler handler = null!;
        var deaths = 0;
        handler = new InProcessHandler(context =>
        {
            if (Interlocked.Increment(ref deaths) > 1)
                return InProcessHandler.SucceedAsync(context);
            handler.Current!.Exit(1);
            context.Abort();
            return Task.CompletedTask;
        });
        await using var rig = await HostRig.StartAsync(new TestApp().WithQueue("Work", "jobs"), handler);
        await rig.SendAsync("jobs", "x");

        await Eventually.HoldsAsync(() => rig.Queue("jobs").Counts.Completed == 1);

        handler.Starts.Count.ShouldBe(2);
        handler.Starts.First().Port.ShouldNotBe(0);
        rig.Queue("jobs").Counts.Delivered.ShouldBe(2);
        rig.Host.Status().Handlers.Single().ShouldSatisfyAllConditions(h => h.State.ShouldBe(HandlerState.Ready), h => h.Errors.ShouldBe(1));
    }

    [Fact]
    public async Task By_default_one_process_serves_all_functions()
    {
        var handler = new InProcessHandler(InProcessHandler.SucceedAsync);
        await using var rig = await HostRig.StartAsync(AllKinds(), handler);
        await rig.Host.WhenReadyAsync(default);
        handler.Starts.Select(static s => s.Group).ShouldBe(["all"]);
    }

    [Fact]
    public async Task Per_function_group_all_HTTP_functions_share_one_process_and_every_other_has_its_own()
    {
        var handler = new InProcessHandler(InProcessHandler.SucceedAsync);
        await using var rig = await HostRig.StartAsync(AllKinds(), handler, o => o with { PerFunctionGroup = true });
        await rig.Host.WhenReadyAsync(default);
        handler.Starts.Select(static s => s.Group).ShouldBe(["http", "Work", "Other", "Tick"], ignoreOrder: true);
        handler.Starts.Select(static s => s.Port).Distinct().Count().ShouldBe(4);
    }

    private static TestApp AllKinds() => new TestApp().WithHttp("Api", "api/{*path}").WithHttp("Health", "health/{*path}")
        .WithQueue("Work", "jobs").WithQueue("Other", "others").WithTimer("Tick", "0 0 3 * * *");

    private static bool IsRunning(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
