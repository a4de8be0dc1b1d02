using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Tests.Settings;

public sealed class Command_line
{
    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var options = CommandLine.Parse(
            ["--app", "out", "--state", "s", "--config", "c.json", "--ephemeral", "--parent-pid", "7", "--port", "mqtt=8884", "--port", "agent=1", "--program-dir", "bank=b",
             "--app-setting", "A=x=y", "--time-scale", "0.1", "--per-function-group"],
            "/somewhere");

        options.AppFolder.ShouldBe("/somewhere/out");
        options.StateFolder.ShouldBe("/somewhere/s");
        options.ConfigFile.ShouldBe("/somewhere/c.json");
        options.RootFolder.ShouldBe("/somewhere");
        options.Ephemeral.ShouldBeTrue();
        options.PerFunctionGroup.ShouldBeTrue();
        options.ParentProcessId.ShouldBe(7);
        options.TimeScale.ShouldBe(0.1);
        options.Ports.ShouldBe(new Dictionary<string, int> { ["mqtt"] = 8884, ["agent"] = 1 });
        options.ProgramFolders["bank"].ShouldBe("/somewhere/b");
        options.AppSettings["A"].ShouldBe("x=y");
    }

    [Fact]
    public void The_state_and_the_config_have_usual_places()
    {
        var options = CommandLine.Parse(["--app", "out"], "/w");

        options.StateFolder.ShouldBe("/w/.canteen");
        options.ConfigFile.ShouldBe("/w/infra/local/cloud.json");
    }

    [Theory]
    [InlineData("--app", "--state", "x")]
    [InlineData("--prot", "--app", "x", "--prot", "7")]
    [InlineData("--port", "--app", "x", "--port", "7")]
    [InlineData("--port mqtt", "--app", "x", "--port", "mqtt=70000")]
    [InlineData("--time-scale", "--app", "x", "--time-scale", "0")]
    [InlineData("--state", "--app", "x", "--state")]
    [InlineData("--app", "--app", "x", "--app", "y")]
    public void What_cannot_be_understood_is_named(string named, params string[] args) =>
        Should.Throw<LocalCloudException>(() => CommandLine.Parse(args, "/w")).Message.Split('\n')[0].ShouldContain(named);
}
