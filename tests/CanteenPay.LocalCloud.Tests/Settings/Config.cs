using CanteenPay.LocalCloud.Settings;
using CanteenPay.LocalCloud.Tests.Composition;

namespace CanteenPay.LocalCloud.Tests.Settings;

public sealed class Config : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("config-").FullName;

    [Fact]
    public void The_committed_config_is_read()
    {
        var config = CloudConfig.Read(Path.Combine(TestCloud.LocalFolder, "cloud.json"));

        // Machines come to the broker as the product enrols them.
        config.Devices.ShouldBeEmpty();
        config.Programs.Select(p => p.Name).ShouldBe(["bank", "agent"]);
        config.Programs.ShouldAllBe(p => p.Title != null);
        config.Personas!.SelectMany(p => p.Roles).ShouldBe(["Operator", "Finance", "Distributor", "Merchant"]);
        config.Requests!.Select(r => r.To).Distinct().ShouldBe(["{functions}", "{bank}", "{status}"]);
    }

    [Theory]
    [InlineData("\"devices\": [", "\"devices\": [ { \"id\": \"A\", \"mrechant\": \"B\" }", "mrechant")]
    [InlineData("\"devices\": [", "\"devices\": [ { \"id\": \"A\", \"merchant\": \"B\" }, { \"id\": \"A\", \"merchant\": \"C\" }", "declared twice")]
    [InlineData("\"name\": \"agent\"", "\"name\": \"../agent\"", "../agent")]
    [InlineData("\"key\": \"finance\"", "\"key\": \"operator\"", "declared twice")]
    [InlineData("\"key\": \"demo-submit\"", "\"key\": \"demo-send\"", "declared twice")]
    [InlineData("00000000a003", "a003", "no GUID")]
    public void A_mistake_in_the_config_is_named(string right, string wrong, string named)
    {
        var file = Path.Combine(_folder, "cloud.json");
        File.WriteAllText(file, File.ReadAllText(Path.Combine(TestCloud.LocalFolder, "cloud.json")).Replace(right, wrong, StringComparison.Ordinal));

        Should.Throw<LocalCloudException>(() => CloudConfig.Read(file)).Message.ShouldContain(named);
    }

    [Fact]
    public void A_missing_config_is_named() =>
        Should.Throw<LocalCloudException>(() => CloudConfig.Read(Path.Combine(_folder, "nowhere.json"))).Message.ShouldContain("nowhere.json");

    [Fact]
    public void A_placeholder_stands_for_its_value_and_an_unknown_one_is_named_with_its_setting()
    {
        var placeholders = new Placeholders(new Dictionary<string, string> { ["port:bank"] = "7080", ["state"] = "/s" });

        placeholders.Fill("{state}/x:{port:bank}", "here").ShouldBe("/s/x:7080");
        Should.Throw<LocalCloudException>(() => placeholders.Fill("{stat}", "appSettings, X")).Message.ShouldStartWith("appSettings, X: {stat}");
    }

    [Theory]
    [InlineData("../MACHINE1")]
    [InlineData("")]
    [InlineData("M 1")]
    public void What_a_machine_is_called_must_be_a_name(string drawn)
    {
        var placeholders = new Placeholders(new Dictionary<string, string>()).With(new Dictionary<string, string> { ["one"] = drawn });

        Should.Throw<LocalCloudException>(() => new Device("{one}", "M").Filled(placeholders)).Message.ShouldContain("device {one}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
