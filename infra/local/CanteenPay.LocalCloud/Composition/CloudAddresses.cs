using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.LocalCloud.EventGrid;
using CanteenPay.LocalCloud.Identity;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.ServiceBus;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>Where everything is, as <c>{state}/endpoints.json</c> says once all of it serves.</summary>
internal sealed record CloudAddresses
{
    public required string Status { get; init; }

    public required string Functions { get; init; }

    public required string ServiceBus { get; init; }

    public required string ServiceBusConnectionString { get; init; }

    public required string EventGrid { get; init; }

    public required string EventGridKey { get; init; }

    public required string Tables { get; init; }

    public required string TablesConnectionString { get; init; }

    /// <summary>Azurite's blobs, not counted and without faults.</summary>
    public required string Blobs { get; init; }

    public required string BlobsConnectionString { get; init; }

    /// <summary>Where people sign in.</summary>
    public required string Login { get; init; }

    public required string TenantId { get; init; }

    public required string ClientId { get; init; }

    public required string MqttHost { get; init; }

    public required int MqttPort { get; init; }

    /// <summary>Folder with <c>ca.pem</c>, <c>devices/{id}.pem</c> and <c>.key</c>.</summary>
    public required string Certificates { get; init; }

    /// <summary>Address of each program by name.</summary>
    public required IReadOnlyDictionary<string, string> Programs { get; init; }

    /// <summary>What a person finds at the address of a program, by name; without those that do not say.</summary>
    public required IReadOnlyDictionary<string, string> Titles { get; init; }

    /// <summary>A program's name, with what a person finds there.</summary>
    internal string Label(string program) => Titles.TryGetValue(program, out var title) ? $"{program}: {title}" : program;

    internal static CloudAddresses Of(PortBook ports, CloudKeys keys, IReadOnlyList<ProgramEntry> programs, string stateFolder) => new()
    {
        Status = Url(ports["status"]),
        Functions = Url(ports["functions"]),
        ServiceBus = Url(ports["serviceBus"]),
        ServiceBusConnectionString =
            $"Endpoint=sb://127.0.0.1:{ports["serviceBus"]};SharedAccessKeyName={CloudKeys.ServiceBusKeyName};SharedAccessKey={keys.ServiceBus};UseDevelopmentEmulator=true",
        EventGrid = Url(ports["eventGrid"]),
        EventGridKey = keys.EventGrid,
        Tables = $"{Url(ports["tables"])}/{Azurite.Account}",
        TablesConnectionString =
            $"DefaultEndpointsProtocol=http;AccountName={Azurite.Account};AccountKey={Azurite.AccountKey};TableEndpoint={Url(ports["tables"])}/{Azurite.Account}",
        Blobs = $"{Url(ports["blobs"])}/{Azurite.Account}",
        BlobsConnectionString =
            $"DefaultEndpointsProtocol=http;AccountName={Azurite.Account};AccountKey={Azurite.AccountKey};BlobEndpoint={Url(ports["blobs"])}/{Azurite.Account}",
        Login = Url(ports["login"]),
        TenantId = Tenant.Id,
        ClientId = Tenant.ClientId,
        MqttHost = "127.0.0.1",
        MqttPort = ports["mqtt"],
        Certificates = Path.Combine(stateFolder, "certificates"),
        Programs = programs.ToDictionary(p => p.Name, p => Url(ports[p.Name])),
        Titles = programs.Where(p => p.Title is not null).ToDictionary(p => p.Name, p => p.Title!),
    };

    /// <summary>What the config's placeholders stand for.</summary>
    internal Placeholders Placeholders(PortBook ports, IReadOnlyList<Persona> personas, string stateFolder)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["state"] = stateFolder,
            ["status"] = Status,
            ["functions"] = Functions,
            ["serviceBus"] = ServiceBusConnectionString,
            ["eventGrid"] = EventGrid,
            ["eventGridKey"] = EventGridKey,
            ["eventGridNamespace"] = NamespaceEndpoint.NamespaceId,
            // Only of what lies below the namespace.
            ["resourceManager"] = EventGrid,
            ["tables"] = TablesConnectionString,
            ["blobs"] = BlobsConnectionString,
            ["login"] = Login,
            ["tenant"] = TenantId,
            ["clientId"] = ClientId,
            ["mqttHost"] = MqttHost,
            ["mqttPort"] = $"{MqttPort}",
        };
        foreach (var (name, port) in ports.All)
        {
            values[$"port:{name}"] = $"{port}";
        }

        foreach (var (name, address) in Programs)
        {
            values[name] = address;
        }

        foreach (var persona in personas)
        {
            values[$"persona:{persona.Key}"] = persona.Id;
        }

        return new(values);
    }

    /// <summary>Whoever waits for this file must never read half of it.</summary>
    internal void Write(string file)
    {
        File.WriteAllBytes($"{file}.new", JsonSerializer.SerializeToUtf8Bytes(this, CloudAddressesJson.Default.CloudAddresses));
        File.Move($"{file}.new", file, overwrite: true);
    }

    private static string Url(int port) => $"http://127.0.0.1:{port}";
}

/// <summary>The keys of Service Bus and Event Grid, drawn once.</summary>
internal sealed record CloudKeys(string ServiceBus, string EventGrid)
{
    internal const string ServiceBusKeyName = "RootManageSharedAccessKey";

    internal SasOptions Sas => new(ServiceBusKeyName, ServiceBus);

    internal static CloudKeys ReadOrDraw(string stateFolder)
    {
        var file = Path.Combine(stateFolder, "keys.json");
        if (File.Exists(file) && JsonSerializer.Deserialize(File.ReadAllBytes(file), CloudAddressesJson.Default.CloudKeys) is { } keys)
        {
            return keys;
        }

        keys = new(Draw(), Draw());
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(keys, CloudAddressesJson.Default.CloudKeys));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return keys;

        static string Draw() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CloudAddresses))]
[JsonSerializable(typeof(CloudKeys))]
internal sealed partial class CloudAddressesJson : JsonSerializerContext;
