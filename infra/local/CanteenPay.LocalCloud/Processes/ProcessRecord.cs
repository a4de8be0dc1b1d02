using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Processes;

/// <summary>What is written down about a started process, <c>{state}/{name}.json</c>, so that the next LocalCloud finds it.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="StartTicks">Its start in clock ticks since boot: a process id alone may belong to somebody else by now.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Fingerprint">See <see cref="ProgramSpec.Fingerprint"/>.</param>
/// <param name="SecondPort">Where it listens, too.</param>
internal sealed record ProcessRecord(int Pid, ulong StartTicks, int Port, string Fingerprint, int? SecondPort = null)
{
    internal bool IsAlive => ReadStartTicks(Pid) == StartTicks;

    internal static ProcessRecord? ReadLiving(string stateFolder, string name)
    {
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(stateFolder, name)), ProcessRecordJson.Default.ProcessRecord);
            return record is { IsAlive: true } ? record : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    internal void Write(string stateFolder, string name) =>
        File.WriteAllBytes(FileOf(stateFolder, name), JsonSerializer.SerializeToUtf8Bytes(this, ProcessRecordJson.Default.ProcessRecord));

    internal static void Forget(string stateFolder, string name) => File.Delete(FileOf(stateFolder, name));

    /// <summary>Null when there is no such process, or it has ended and only waits to be reaped.</summary>
    internal static ulong? ReadStartTicks(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // The second field is the name in parentheses and may hold anything; the state is the first and the start the twentieth after it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        const int state = 0, start = 19;
        return fields[state] is "Z" or "X" ? null : ulong.Parse(fields[start], CultureInfo.InvariantCulture);
    }

    private static string FileOf(string stateFolder, string name) => Path.Combine(stateFolder, $"{name}.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProcessRecord))]
internal sealed partial class ProcessRecordJson : JsonSerializerContext;
