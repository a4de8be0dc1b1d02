using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Tests.Composition;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.LocalCloud.Tests.Processes;

public sealed class Supervised_program : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("program-").FullName;

    private string ReadyFile => Path.Combine(_folder, "ready");

    [Fact]
    public async Task A_program_that_dies_is_started_again_and_the_death_is_visible()
    {
        await using var program = Supervise(Spec("touch ready; exec sleep 1000"));
        await program.StartAsync(CancellationToken.None);
        var first = program.Status.Pid!.Value;

        Kill(first);

        await Eventually.True(() => program.Status is { State: PartState.Ready, Starts: 2 }, "it runs again");
        program.Status.Pid.ShouldNotBe(first);
        program.Status.LastError!.ShouldContain("ended with");
    }

    [Fact]
    public async Task A_program_that_never_serves_is_named_with_its_last_words()
    {
        await using var program = Supervise(Spec("echo the database is missing; exit 3"));

        var failed = await Should.ThrowAsync<LocalCloudException>(() => program.StartAsync(CancellationToken.None));

        failed.Message.ShouldContain("probe ended with 3");
        failed.Message.ShouldContain("the database is missing");
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_named_and_does_not_stay()
    {
        var program = Supervise(Spec("exec sleep 1000") with { StartTimeout = TimeSpan.FromMilliseconds(200) });

        (await Should.ThrowAsync<LocalCloudException>(() => program.StartAsync(CancellationToken.None))).Message.ShouldContain("does not serve");
        var pid = program.Status.Pid!.Value;
        await program.DisposeAsync();

        ProcessRecord.ReadStartTicks(pid).ShouldBeNull();
    }

    [Fact]
    public async Task An_executable_that_is_missing_is_named()
    {
        await using var program = Supervise(Spec("") with { FileName = "/nowhere/agent" });

        (await Should.ThrowAsync<LocalCloudException>(() => program.StartAsync(CancellationToken.None))).Message.ShouldContain("/nowhere/agent");
    }

    [Fact]
    public async Task Ending_asks_politely_first()
    {
        var program = Supervise(Spec("trap 'touch polite; exit 0' TERM; touch ready; while :; do sleep 0.02; done"));
        await program.StartAsync(CancellationToken.None);

        await program.DisposeAsync();

        File.Exists(Path.Combine(_folder, "polite")).ShouldBeTrue();
        program.Status.State.ShouldBe(PartState.Stopped);
    }

    [Fact]
    public async Task A_program_that_an_earlier_run_left_behind_is_adopted_when_it_is_the_same_and_ended_when_it_is_not()
    {
        var adoptable = Spec("touch ready; exec sleep 1000") with { Adoptable = true, Fingerprint = "one" };
        // Never disposed: it stands for a LocalCloud that was killed.
        var killed = Supervise(adoptable);
        await killed.StartAsync(CancellationToken.None);
        var left = killed.Status.Pid!.Value;

        var same = Supervise(adoptable);
        await same.StartAsync(CancellationToken.None);
        (same.Status.Pid, same.Status.Starts).ShouldBe((left, 0));

        await using var changed = Supervise(adoptable with { Fingerprint = "two" });
        await changed.StartAsync(CancellationToken.None);
        changed.Status.Pid.ShouldNotBe(left);
        ProcessRecord.ReadStartTicks(left).ShouldBeNull();
    }

    [Fact]
    public async Task Placeholders_of_the_environment_reach_the_program()
    {
        await using var program = Supervise(Spec("echo \"$GREETING\" > said; touch ready; exec sleep 1000") with
        {
            Environment = new Dictionary<string, string> { ["GREETING"] = "你好" },
        });

        await program.StartAsync(CancellationToken.None);

        (await File.ReadAllTextAsync(Path.Combine(_folder, "said"))).Trim().ShouldBe("你好");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Kill(int pid)
    {
        using var process = System.Diagnostics.Process.GetProcessById(pid);
        process.Kill();
    }

    private SupervisedProgram Supervise(ProgramSpec spec) => new(spec, _folder, TimeProvider.System, NullLogger.Instance);

    private ProgramSpec Spec(string script) => new()
    {
        Name = "probe",
        FileName = "/bin/sh",
        Arguments = ["-c", script],
        WorkingFolder = _folder,
        Address = "nowhere",
        Port = 1,
        IsReady = _ => Task.FromResult(File.Exists(ReadyFile)),
        BeforeStart = () => File.Delete(ReadyFile),
    };
}
