using System.Diagnostics;
using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Tests.Rig;
using Microsoft.Extensions.Configuration;

namespace CanteenPay.DeviceAgent.Tests;

public sealed class Settings_messages : IDisposable
{
    private readonly TestFolder files = new();

    public void Dispose() => files.Dispose();

    private Dictionary<string, string?> Good()
    {
        File.WriteAllText(files.File("some.pem"), "");
        return new(StringComparer.Ordinal)
        {
            ["Agent:DeviceId"] = "DEVMACH1",
            ["Agent:MerchantId"] = "DEVMERCH",
            ["Agent:StateFolder"] = files.Path,
            ["Agent:Broker:Host"] = "localhost",
            ["Agent:Broker:CaFile"] = files.File("some.pem"),
            ["Agent:Broker:CertificateFile"] = files.File("some.pem"),
            ["Agent:Broker:KeyFile"] = files.File("some.pem"),
        };
    }

    private static (AgentSettings? Settings, IReadOnlyList<string> Problems) Read(Dictionary<string, string?> values) =>
        SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    [Fact]
    public void Good_settings_are_read_with_their_defaults()
    {
        var (settings, problems) = Read(Good());

        problems.ShouldBeEmpty();
        settings!.Broker.Port.ShouldBe(8883);
        settings.ScreenUrl.ShouldBe(new Uri("http://127.0.0.1:7090"));
        settings.Limits.QrLife.ShouldBe(TimeSpan.FromSeconds(120));
        settings.Voice.ShouldBe(VoiceOutput.Auto);
        settings.Telemetry.Endpoint.ShouldBeNull();
    }

    [Theory]
    [InlineData("Agent:DeviceId", "devmach1")]
    [InlineData("Agent:DeviceId", "")]
    [InlineData("Agent:MerchantId", "TOOSHORT9")]
    [InlineData("Agent:StateFolder", " ")]
    [InlineData("Agent:Broker:Host", null)]
    [InlineData("Agent:Broker:Port", "0")]
    [InlineData("Agent:Broker:Port", "8883.5")]
    [InlineData("Agent:Broker:CaFile", "no-such-file.pem")]
    [InlineData("Agent:Screen:Url", "http://0.0.0.0:7090")]
    [InlineData("Agent:Screen:Url", "https://127.0.0.1:7090")]
    [InlineData("Agent:Screen:Url", "http://canteen.example:7090")]
    [InlineData("Agent:Screen:Url", "127.0.0.1")]
    [InlineData("Agent:Screen:Language", "de")]
    [InlineData("Agent:Voice:Output", "3")]
    [InlineData("Agent:QrSeconds", "59")]
    [InlineData("Agent:QrSeconds", "241")]
    [InlineData("Agent:NoQrSeconds", "a minute")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.com:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "2")]
    [InlineData("OTEL_BSP_SCHEDULE_DELAY", "0")]
    [InlineData("Agent:Cards:Reader", "pcsc")]
    [InlineData("Agent:Cards:PageCards", "张三")]
    [InlineData("Agent:Cards:PageCards", "张三=12345")]
    [InlineData("Agent:Cards:PageCards", "a=000001,b=000002,c=000003,d=000004,e=000005,f=000006,g=000007,h=000008,i=000009")]
    public void A_wrong_setting_is_named_with_what_is_wrong_and_an_example(string name, string? value)
    {
        var values = Good();
        values[name] = value;

        var (settings, problems) = Read(values);

        settings.ShouldBeNull();
        var problem = problems.ShouldHaveSingleItem();
        problem.ShouldStartWith(name + " ");
        problem.ShouldContain("Example: ");
        if (!string.IsNullOrWhiteSpace(value))
            problem.ShouldContain($"'{value}'");
    }

    [Fact]
    public void Simulated_cards_are_read_by_name_and_number()
    {
        var settings = Read(new(Good()) { ["Agent:Cards:Reader"] = "Page", ["Agent:Cards:PageCards"] = "张三=04a1b2c3, 李四=04D4E5F6" }).Settings!;

        settings.CardReader.ShouldBe(CardReaderKind.Page);
        settings.PageCards.Select(card => (card.Name, card.No.Value)).ShouldBe([("张三", "04A1B2C3"), ("李四", "04D4E5F6")]);
        Read(Good()).Settings!.CardReader.ShouldBe(CardReaderKind.None);
    }

    [Fact]
    public void A_PIN_in_the_place_of_its_hash_is_refused_and_not_repeated()
    {
        var (_, problems) = Read(new(Good()) { ["Agent:ManagerPinHash"] = "97531864" });

        var problem = problems.ShouldHaveSingleItem();
        problem.ShouldStartWith("Agent:ManagerPinHash is not a hash");
        problem.ShouldNotContain("97531864");
        Read(new(Good()) { ["Agent:ManagerPinHash"] = ManagerPin.Of("97531864", 1000).ToString() }).Settings!.ManagerPin!.Matches("97531864").ShouldBeTrue();
    }

    [Fact]
    public void A_misspelt_setting_is_named() => Read(new(Good()) { ["Agent:Qrseconds2"] = "60" }).Problems.ShouldHaveSingleItem().ShouldStartWith("Agent:Qrseconds2 is not a setting");

    [Fact]
    public async Task The_executable_names_all_that_is_missing_at_once_and_ends_with_2()
    {
        using var agent = Process.Start(new ProcessStartInfo("dotnet", [typeof(AgentHost).Assembly.Location, "--Agent:Broker:Port=x"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = files.Path,
        })!;

        var said = await agent.StandardError.ReadToEndAsync();
        await agent.WaitForExitAsync();

        agent.ExitCode.ShouldBe(2, said);
        foreach (var name in new[] { "DeviceId", "MerchantId", "StateFolder", "Broker:Host", "Broker:Port", "Broker:CaFile", "Broker:CertificateFile", "Broker:KeyFile" })
            said.ShouldContain($"Agent:{name} ");
    }
}
