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

        config.Devices.Select(d => d.Id).ShouldBe(["DEVMACH1", "DEVMACH2"]);
        config.Programs.Select(p => p.Name).ShouldBe(["bank", "agent"]);
        config.Programs.ShouldAllBe(p => p.Title != null);
    }

    [Theory]
    [InlineData("\"merchant\": \"DEVMERCH\"", "\"mrechant\": \"DEVMERCH\"", "mrechant")]
    [InlineData("\"id\": \"DEVMACH2\"", "\"id\": \"DEVMACH1\"", "declared twice")]
    [InlineData("\"id\": \"DEVMACH2\"", "\"id\": \"../DEVMACH2\"", "../DEVMACH2")]
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

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
