using System.Globalization;
using System.Net;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Peripherals.CardReader;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Settings;

/// <summary>Reads the settings and collects everything that is wrong with them, so that one look mends all.</summary>
internal sealed class SettingsReader
{
    /// <summary>The section that is read.</summary>
    public const string Section = "Agent";

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "DeviceId", "MerchantId", "StateFolder", "Broker:Host", "Broker:Port", "Broker:CaFile", "Broker:CertificateFile", "Broker:KeyFile",
        "Screen:Url", "Screen:Language", "Voice:Output", "QrSeconds", "NoQrSeconds", "ManagerPinHash",
        "Cards:Reader", "Cards:PageCards", "Cards:MaxUnsentEntries",
    };

    private readonly IConfigurationSection agent;
    private readonly List<string> problems = [];
    private readonly TelemetrySettingsReader telemetry;

    private SettingsReader(IConfiguration configuration) => (agent, telemetry) = (configuration.GetSection(Section), new(configuration, problems));

    /// <summary>The settings, or every problem with them: which setting, what is wrong, an example.</summary>
    public static (AgentSettings? Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = reader.ReadAll();
        reader.CheckNames();
        return reader.problems.Count == 0 ? (settings, []) : (null, reader.problems);
    }

    private AgentSettings ReadAll() => new()
    {
        DeviceId = Id<DeviceId>("DeviceId", "the 8 characters that the machine was enrolled with", "DEVMACH1"),
        MerchantId = Id<MerchantId>("MerchantId", "the 8 characters of the merchant", "DEVMERCH"),
        StateFolder = Required("StateFolder", "the folder that the machine's memory lives in", "/var/lib/canteenpay"),
        Broker = new(
            Required("Broker:Host", "the broker's host name", "canteen.eastasia-1.ts.eventgrid.azure.net"),
            Number("Broker:Port", 8883, 1, 65535),
            ExistingFile("Broker:CaFile", "/etc/canteenpay/ca.pem"),
            ExistingFile("Broker:CertificateFile", "/etc/canteenpay/machine.pem"),
            ExistingFile("Broker:KeyFile", "/etc/canteenpay/machine.key")),
        ScreenUrl = ScreenUrl(),
        Language = OneOf("Screen:Language", "zh-CN", "en"),
        Voice = Enum.Parse<VoiceOutput>(OneOf("Voice:Output", "auto", "aplay", "page", "none"), ignoreCase: true),
        ManagerPin = ManagerPin(),
        CardReader = Enum.Parse<CardReaderKind>(OneOf("Cards:Reader", "none", "page", "keyboard"), ignoreCase: true),
        PageCards = PageCards(),
        Telemetry = telemetry.Read(),
        Disk = new() { UnsentEntries = Number("Cards:MaxUnsentEntries", CardLimits.DefaultUnsentEntries, 100, CardLimits.MostUnsentEntries) },
        Limits = new TillLimits
        {
            QrLife = TimeSpan.FromSeconds(Number("QrSeconds", 120, PayRequest.MinScreenSeconds, PayRequest.MaxScreenSeconds)),
            NoQr = TimeSpan.FromSeconds(Number("NoQrSeconds", 8, 1, 25)),
        },
    };

    private string Required(string name, string meaning, string example)
    {
        var value = agent[name];
        if (string.IsNullOrWhiteSpace(value))
            Problem(name, $"is missing: {meaning}", example);
        return value ?? "";
    }

    private TId Id<TId>(string name, string meaning, string example)
        where TId : struct, IParsable<TId>
    {
        var value = agent[name];
        if (TId.TryParse(value, CultureInfo.InvariantCulture, out var id))
            return id;
        Problem(name, string.IsNullOrWhiteSpace(value) ? $"is missing: {meaning}" : $"is '{value}', and must be {meaning}: digits and upper-case letters without I, L, O, U", example);
        return default;
    }

    private string ExistingFile(string name, string example)
    {
        var value = Required(name, "the path of a PEM file", example);
        if (!string.IsNullOrWhiteSpace(value) && !File.Exists(value))
            Problem(name, $"names the file '{value}', which is not there or may not be read by this user", example);
        return value;
    }

    private int Number(string name, int otherwise, int least, int most)
    {
        var value = agent[name];
        if (string.IsNullOrWhiteSpace(value))
            return otherwise;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Problem(name, $"is '{value}', and must be a whole number from {least} to {most}", otherwise.ToString(CultureInfo.InvariantCulture));
        return otherwise;
    }

    private string OneOf(string name, params ReadOnlySpan<string> choices)
    {
        var value = agent[name];
        if (string.IsNullOrWhiteSpace(value))
            return choices[0];
        foreach (var choice in choices)
        {
            if (choice.Equals(value, StringComparison.OrdinalIgnoreCase))
                return choice;
        }

        Problem(name, $"is '{value}', and must be one of {string.Join(", ", choices.ToArray())}", choices[0]);
        return choices[0];
    }

    /// <summary>The value itself is never repeated: somebody may have put the PIN there.</summary>
    private ManagerPin? ManagerPin()
    {
        const string Name = "ManagerPinHash";
        var value = agent[Name];
        if (string.IsNullOrWhiteSpace(value))
            return null;
        if (!Settings.ManagerPin.TryParse(value, out var pin))
            Problem(Name, "is not a hash of a PIN; CanteenPay.DeviceAgent --hash-pin makes one", "pbkdf2-sha256.100000.c2FsdHNhbHRzYWx0c2FsdA==.…");
        return pin;
    }

    private IReadOnlyList<PageCard> PageCards()
    {
        const string Name = "Cards:PageCards";
        var value = agent[Name];
        if (string.IsNullOrWhiteSpace(value))
            return [];
        if (PageCardList.Read(value) is { } cards)
            return cards;
        Problem(
            Name,
            $"is '{value}', and must be at most {PageCardList.MaxCards} cards as name=number, each name of at most {PageCardList.MaxNameLength} characters and each number of "
                + $"{CardNo.MinLength} to {CardNo.MaxLength} hexadecimal digits",
            "张三=04A1B2C3, 李四=04D4E5F6");
        return [];
    }

    private Uri ScreenUrl()
    {
        const string Name = "Screen:Url";
        const string Otherwise = "http://127.0.0.1:7090";
        var value = agent[Name] is { } given && !string.IsNullOrWhiteSpace(given) ? given : Otherwise;
        if (Uri.TryCreate(value, UriKind.Absolute, out var url) && url is { Scheme: "http", PathAndQuery: "/" }
            && IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address))
        {
            return url;
        }

        Problem(Name, $"is '{value}', and must be an http address on loopback, by number: the till must not be reached from the network", Otherwise);
        return new(Otherwise);
    }

    /// <summary>A misspelt name would otherwise be a setting that silently does nothing.</summary>
    private void CheckNames()
    {
        foreach (var (path, value) in agent.AsEnumerable(makePathsRelative: true))
        {
            if (value is not null && !Known.Contains(path))
                problems.Add($"{Section}:{path} is not a setting of this agent. It knows: {string.Join(", ", Known)}.");
        }
    }

    private void Problem(string name, string what, string example) =>
        problems.Add($"{Section}:{name} {what}. Example: {example} (environment: {Section}__{name.Replace(":", "__", StringComparison.Ordinal)})");
}
