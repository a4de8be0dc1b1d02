using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Settings;

/// <summary>The cloud as <c>cloud.json</c> declares it: what Bicep declares in Azure, and which programs run beside it here.</summary>
/// <param name="Tables">Tables made at the start.</param>
/// <param name="Containers">Containers of blobs made at the start, private.</param>
/// <param name="Subscriptions">Which routed messages go to which queue.</param>
/// <param name="Access">What every machine may publish and read.</param>
/// <param name="Devices">Machines that the broker knows without the product's doing, for tests of the broker; with placeholders for what the walk kept.</param>
/// <param name="Personas">Who can sign in.</param>
/// <param name="AppSettings">The function app's settings, with placeholders.</param>
/// <param name="Programs">Programs that are started and kept running.</param>
/// <param name="Requests">The walk: what people ask of a new system, each step once.</param>
internal sealed record CloudConfig(
    IReadOnlyList<string> Tables,
    IReadOnlyList<EventSubscription> Subscriptions,
    DeviceAccess Access,
    IReadOnlyList<Device> Devices,
    IReadOnlyDictionary<string, string> AppSettings,
    IReadOnlyList<ProgramEntry> Programs,
    IReadOnlyList<string>? Containers = null,
    IReadOnlyList<Persona>? Personas = null,
    IReadOnlyList<WalkStep>? Requests = null)
{
    /// <exception cref="LocalCloudException">The file is missing or not what it should be.</exception>
    internal static CloudConfig Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var config = JsonSerializer.Deserialize(stream, CloudConfigJson.Default.CloudConfig)
                ?? throw new LocalCloudException($"{file} says null.");
            return config.Checked(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new LocalCloudException($"The config {file} cannot be read: {exception.Message}", exception);
        }
    }

    private CloudConfig Checked(string file)
    {
        Unique("table", Tables);
        Unique("device", Devices.Select(d => d.Id));
        Unique("program", Programs.Select(p => p.Name));
        Unique("persona", (Personas ?? []).Select(p => p.Key));
        Unique("request", (Requests ?? []).Select(r => r.Key));
        if ((Personas ?? []).FirstOrDefault(p => !Guid.TryParseExact(p.Id, "D", out _)) is { } odd)
        {
            throw new LocalCloudException($"{file}: the id of the persona {odd.Key} is no GUID: {odd.Id}");
        }

        // A program's name becomes a file name.
        if (Programs.FirstOrDefault(p => !Device.IsName(p.Name)) is { } program)
        {
            throw new LocalCloudException($"{file}: \"{program.Name}\" must have 1–64 letters, digits or dashes.");
        }

        return this;

        void Unique(string kind, IEnumerable<string> names)
        {
            if (names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new LocalCloudException($"{file}: {kind} {twice.Key} is declared twice.");
            }
        }
    }
}

/// <summary>An event subscription: both filters must match, as in Event Grid without regard to case.</summary>
internal sealed record EventSubscription(string Queue, string SubjectBeginsWith, string SubjectEndsWith)
{
    internal bool Matches(string subject) =>
        subject.StartsWith(SubjectBeginsWith, StringComparison.OrdinalIgnoreCase) && subject.EndsWith(SubjectEndsWith, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Topic filters with <c>{device}</c> and <c>{merchant}</c>, as a topic space's templates in Azure.</summary>
internal sealed record DeviceAccess(IReadOnlyList<string> Write, IReadOnlyList<string> Read);

/// <summary>A machine; <c>Id</c> is its certificate's common name. One that is not enabled may publish and read nothing.</summary>
internal sealed record Device(string Id, string Merchant, bool Enabled = true)
{
    /// <summary>Whether it can become a file name, a line of an access list and a certificate's subject.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <exception cref="LocalCloudException">A placeholder is unknown, or what it stands for is no name.</exception>
    internal Device Filled(Placeholders placeholders)
    {
        var device = new Device(placeholders.Fill(Id, $"device {Id}"), placeholders.Fill(Merchant, $"device {Id}"), Enabled);
        return IsName(device.Id) && IsName(device.Merchant)
            ? device
            : throw new LocalCloudException($"device {Id}: \"{device.Id}\" of \"{device.Merchant}\" must have 1–64 letters, digits or dashes.");
    }
}

/// <summary>A program beside the cloud.</summary>
/// <param name="Name">Names its port, its log and its placeholders <c>{port:name}</c> and <c>{name}</c> (its address).</param>
/// <param name="Folder">Folder of the executable, relative to the root.</param>
/// <param name="Executable">File name.</param>
/// <param name="Port">Its usual port.</param>
/// <param name="Title">What a person finds at its address, Chinese first.</param>
/// <param name="Arguments">With placeholders.</param>
/// <param name="Environment">With placeholders.</param>
/// <param name="ReadyUrl">Any HTTP answer from here means that it serves; with placeholders.</param>
/// <param name="ReadyFile">Its existence means that it serves; with placeholders. Deleted before each start.</param>
/// <param name="BeforeRequests">Started before the walk, which may then ask it; it knows nothing of what the walk keeps.</param>
internal sealed record ProgramEntry(
    string Name,
    string Folder,
    string Executable,
    int Port,
    string? Title = null,
    IReadOnlyList<string>? Arguments = null,
    IReadOnlyDictionary<string, string>? Environment = null,
    string? ReadyUrl = null,
    string? ReadyFile = null,
    bool BeforeRequests = false);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CloudConfig))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(IReadOnlyList<Device>))]
internal sealed partial class CloudConfigJson : JsonSerializerContext;
