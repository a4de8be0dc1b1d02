using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.LocalCloud.Composition;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.LocalCloud.Tests.Composition;

/// <summary>A whole LocalCloud on free ports with real Azurite and mosquitto, the committed config without its programs, and a function app that writes down.</summary>
public sealed class TestCloud : IAsyncLifetime
{
    private const string Request = """{ "method": "POST", "path": "/api/seed", "key": "first", "as": "operator", "body": "asked-at-the-start", "keep": { "drawn": "Drawn" } }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("localcloud-").FullName;
    private Cloud? _cloud;

    internal static string LocalFolder => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../infra/local"));

    internal HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    internal CloudAddresses Addresses => _cloud!.Addresses;

    internal string Received => Path.Combine(_folder, "received");

    internal CloudOptions Options { get; private set; } = null!;

    internal CloudConfig Config { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Options = WriteFolder(_folder);
        Config = CloudConfig.Read(Options.ConfigFile);
        _cloud = await Cloud.StartAsync(Options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }

    /// <summary>Writes config and function app below a folder, and says how to start on them.</summary>
    internal static CloudOptions WriteFolder(string folder, string programs = "[]")
    {
        var config = JsonNode.Parse(
            File.ReadAllText(Path.Combine(LocalFolder, "cloud.json")), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        foreach (var (name, value) in config["appSettings"]!.AsObject().ToList())
        {
            config["appSettings"]![name] = value!.GetValue<string>().Replace("{bank}", "http://127.0.0.1:1", StringComparison.Ordinal);
        }

        config["devices"] = JsonNode.Parse("""
            [{ "id": "STRANGE1", "merchant": "STRANGER" }, { "id": "DEVMACH1", "merchant": "DEVMERCH" }, { "id": "DEVMACH2", "merchant": "DEVMERCH" }, { "id": "{drawn}", "merchant": "DEVMERCH" }]
            """);
        config["programs"] = JsonNode.Parse(programs);
        config["requests"] = new JsonArray(JsonNode.Parse(Request));
        File.WriteAllText(Path.Combine(folder, "cloud.json"), config.ToJsonString());
        Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), Path.Combine(LocalFolder, "node_modules"));
        TestApp.Write(Path.Combine(folder, "app"));
        Directory.CreateDirectory(Path.Combine(folder, "received"));
        return new()
        {
            StateFolder = Path.Combine(folder, "state"),
            ConfigFile = Path.Combine(folder, "cloud.json"),
            AppFolder = Path.Combine(folder, "app"),
            RootFolder = folder,
            Ephemeral = true,
            AppSettings = new Dictionary<string, string> { ["RECEIVED"] = Path.Combine(folder, "received") },
        };
    }

    /// <summary>A machine's client, as the agent would connect.</summary>
    internal MosquittoClient Machine(string id, string? clientId = null, TimeSpan? session = null) => new(new()
    {
        Host = Addresses.MqttHost,
        Port = Addresses.MqttPort,
        ClientId = clientId ?? id,
        CaFile = Path.Combine(Addresses.Certificates, "ca.pem"),
        CertificateFile = Path.Combine(Addresses.Certificates, "devices", $"{id}.pem"),
        KeyFile = Path.Combine(Addresses.Certificates, "devices", $"{id}.key"),
        MinBackoff = TimeSpan.FromMilliseconds(50),
        MaxBackoff = TimeSpan.FromMilliseconds(200),
        SessionExpiry = session ?? TimeSpan.FromHours(8),
    });

    internal async Task<HttpResponseMessage> PublishAsync(string topic, string payload, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"{Addresses.EventGrid}/mqtt/messages?topic={Uri.EscapeDataString(topic)}&api-version=2025-02-15-preview")
        {
            Content = new StringContent(payload),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedAccessKey {Addresses.EventGridKey}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    internal async Task<JsonElement> StatusAsync()
    {
        using var status = JsonDocument.Parse(await Http.GetStringAsync($"{Addresses.Status}/status.json"));
        return status.RootElement.Clone();
    }

    internal async Task<long> CountAsync(string operation) =>
        (await StatusAsync()).GetProperty("operations").TryGetProperty(operation, out var count) ? count.GetInt64() : 0;

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (_cloud is not null)
        {
            await _cloud.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;
}

[CollectionDefinition(nameof(TestCloud))]
public sealed class TestCloudGroup : ICollectionFixture<TestCloud>;
