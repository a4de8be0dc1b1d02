using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Settings;

/// <summary>The cloud as <c>cloud.json</c> declares it: what Bicep declares in Azure, and which programs run beside it here.</summary>
/// <param name="Tables">Tables made at the start.</param>
/// <param name="Subscriptions">Which routed messages go to which queue.</param>
/// <param name="Access">What every machine may publish and read.</param>
/// <param name="Devices">Machines that get a certificate and access.</param>
/// <param name="Seed">Rows written at the start, each time.</param>
/// <param name="AppSettings">The function app's settings, with placeholders.</param>
/// <param name="Programs">Programs that are started and kept running.</param>
/// <param name="Requests">Requests to the function app at the start, each time, before the programs are started.</param>
internal sealed record CloudConfig(
    IReadOnlyList<string> Tables,
    IReadOnlyList<EventSubscription> Subscriptions,
    DeviceAccess Access,
    IReadOnlyList<Device> Devices,
    IReadOnlyList<SeedRow> Seed,
    IReadOnlyDictionary<string, string> AppSettings,
    IReadOnlyList<ProgramEntry> Programs,
    IReadOnlyList<AppRequest>? Requests = null)
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
        // Names become file names, lines of an access list and certificate subjects.
        foreach (var name in Devices.SelectMany(d => new[] { d.Id, d.Merchant }).Concat(Programs.Select(p => p.Name)))
        {
            if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            {
                throw new LocalCloudException($"{file}: \"{name}\" must have 1–64 letters, digits or dashes.");
            }
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

/// <summary>A machine; <c>Id</c> is its certificate's common name.</summary>
internal sealed record Device(string Id, string Merchant);

/// <summary>A table row; properties are strings, whole numbers or booleans.</summary>
internal sealed record SeedRow(string Table, string PartitionKey, string RowKey, IReadOnlyDictionary<string, JsonElement> Properties);

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
internal sealed record ProgramEntry(
    string Name,
    string Folder,
    string Executable,
    int Port,
    string? Title = null,
    IReadOnlyList<string>? Arguments = null,
    IReadOnlyDictionary<string, string>? Environment = null,
    string? ReadyUrl = null,
    string? ReadyFile = null);

/// <summary>A request to the function app.</summary>
/// <param name="Method"><c>POST</c> or <c>PUT</c>.</param>
/// <param name="Path">From the front door's root; <c>{name}</c> stands for what an earlier one kept.</param>
/// <param name="Key">The same at every start, so that it is done once: the header <c>Idempotency-Key</c>.</param>
/// <param name="Body">JSON.</param>
/// <param name="Keep">Texts of the answer that later paths need: a field's name by the name in their braces.</param>
/// <param name="Settled">Refusals that are in order, because they say that somebody has changed since what this would set.</param>
internal sealed record AppRequest(
    string Method, string Path, string Key, JsonElement Body, IReadOnlyDictionary<string, string>? Keep = null, IReadOnlyList<int>? Settled = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CloudConfig))]
internal sealed partial class CloudConfigJson : JsonSerializerContext;
