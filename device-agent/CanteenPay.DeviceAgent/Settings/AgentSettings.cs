using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Peripherals.CardReader;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Settings;

/// <summary>The section <c>Agent</c> of <c>appsettings.json</c> and of the environment (<c>Agent__…</c>), read and checked.</summary>
internal sealed record AgentSettings
{
    /// <summary>This machine; also the name in its certificate.</summary>
    public required DeviceId DeviceId { get; init; }

    /// <summary>Whose till it is.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>Where the machine keeps what it must remember.</summary>
    public required string StateFolder { get; init; }

    /// <summary>How the broker is reached.</summary>
    public required BrokerSettings Broker { get; init; }

    /// <summary>Where the screen's page is served: loopback only; port 0 takes a free one.</summary>
    public Uri ScreenUrl { get; init; } = new("http://127.0.0.1:7090");

    /// <summary>The first language of the screen: <c>zh-CN</c> or <c>en</c>; the other stands small beneath.</summary>
    public string Language { get; init; } = "zh-CN";

    /// <summary>Who speaks.</summary>
    public VoiceOutput Voice { get; init; } = VoiceOutput.Auto;

    /// <summary>The manager's PIN; null turns refunds at this till off.</summary>
    public ManagerPin? ManagerPin { get; init; }

    /// <summary>How cards are read.</summary>
    public CardReaderKind CardReader { get; init; } = CardReaderKind.None;

    /// <summary>The simulated cards of <see cref="CardReaderKind.Page"/>.</summary>
    public IReadOnlyList<PageCard> PageCards { get; init; } = [];

    /// <summary>What the machine may keep on its disk.</summary>
    public DiskLimits Disk { get; init; } = new();

    /// <summary>Where traces and metrics go.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>How long the till waits for what.</summary>
    public TillLimits Limits { get; init; } = new();
}

/// <summary>How the broker is reached: MQTT 5 over TLS with a client certificate.</summary>
/// <param name="Host">Name or address, as its certificate has it.</param>
/// <param name="Port">TCP port.</param>
/// <param name="CaFile">PEM of the authority that signed the broker's certificate.</param>
/// <param name="CertificateFile">PEM of this machine's certificate.</param>
/// <param name="KeyFile">PEM of its key.</param>
internal sealed record BrokerSettings(string Host, int Port, string CaFile, string CertificateFile, string KeyFile);

/// <summary>What the machine may keep on its disk, in bytes. Only <see cref="UnsentEntries"/> is read from the settings.</summary>
internal sealed record DiskLimits
{
    /// <summary>The database.</summary>
    public long DatabaseBytes { get; init; } = OrderStore.MaxBytes;

    /// <summary>Entries of taps that wait for the cloud.</summary>
    public int UnsentEntries { get; init; } = CardLimits.DefaultUnsentEntries;

    /// <summary>One file of the log.</summary>
    public long LogFileBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary>So many files of the log.</summary>
    public int LogFiles { get; init; } = 5;
}

/// <summary>How cards are read.</summary>
internal enum CardReaderKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Simulated cards on the page, to be touched. They count as chips: for demonstrations and tests, not for a canteen.</summary>
    Page,

    /// <summary>A reader that types the UID as a keyboard, ended by Enter.</summary>
    Keyboard,
}

/// <summary>Who speaks.</summary>
internal enum VoiceOutput
{
    /// <summary>The sound card if there is one, else the page.</summary>
    Auto,

    /// <summary>The sound card.</summary>
    Aplay,

    /// <summary>The page.</summary>
    Page,

    /// <summary>Nobody.</summary>
    None,
}
