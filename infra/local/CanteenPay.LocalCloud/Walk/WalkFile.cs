using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Walk;

/// <summary>
/// What was done and kept, <c>{state}/walk.json</c>: written after each step, so that each is asked once, and only the one that a kill interrupted is asked twice.
/// </summary>
internal sealed record WalkFile(IReadOnlyList<string> Done, IReadOnlyDictionary<string, string> Kept)
{
    internal static string Of(string stateFolder) => Path.Combine(stateFolder, "walk.json");

    internal static WalkFile Read(string file) => File.Exists(file)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(file), WalkFileJson.Default.WalkFile) ?? throw new LocalCloudException($"{file} says null.")
        : new([], new Dictionary<string, string>());

    internal void Write(string file)
    {
        File.WriteAllBytes($"{file}.new", JsonSerializer.SerializeToUtf8Bytes(this, WalkFileJson.Default.WalkFile));
        File.Move($"{file}.new", file, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WalkFile))]
internal sealed partial class WalkFileJson : JsonSerializerContext;
