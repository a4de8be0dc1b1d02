using System.Text.Json;

namespace CanteenPay.LocalCloud.Host.Timers;

/// <summary>Keeps timers' runs in one small file each, where the real host keeps them in a storage account.</summary>
internal sealed class TimerLog(string? folder)
{
    /// <summary>Null when nothing is known of this timer.</summary>
    public TimerRun? Read(string function)
    {
        if (folder is null || !File.Exists(FileOf(folder, function)))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(folder, function)), TimerRunJson.Default.TimerRun);
        }
        catch (JsonException)
        {
            // Half a file from a crash: as good as none, the timer begins anew.
            return null;
        }
    }

    public void Write(string function, TimerRun run)
    {
        if (folder is null)
            return;
        Directory.CreateDirectory(folder);
        var file = FileOf(folder, function);
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(run, TimerRunJson.Default.TimerRun));
        File.Move(file + ".new", file, overwrite: true);
    }

    private static string FileOf(string folder, string function) => Path.Combine(folder, function + ".json");
}
