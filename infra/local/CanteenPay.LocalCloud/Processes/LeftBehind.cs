using System.Text;

namespace CanteenPay.LocalCloud.Processes;

/// <summary>Handlers of the function app that a killed LocalCloud left running, found by a variable that only they have in their environment.</summary>
internal static class LeftBehind
{
    /// <summary>The variable; its value is the state folder, which one LocalCloud at a time holds.</summary>
    internal const string Marker = "LOCALCLOUD_STATE";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Ends them; the host's way of stopping a handler is a kill, so they know how to be ended at any moment.</summary>
    internal static async Task EndHandlersAsync(string stateFolder, ILogger logger)
    {
        var marked = Encoding.UTF8.GetBytes($"{Marker}={stateFolder}\0");
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && ProcessRecord.ReadStartTicks(pid) is { } start
                && Environ(folder).AsSpan().IndexOf(marked) >= 0 && ChildProcess.Adopt(new(pid, start, 0, "")) is { } handler)
            {
                logger.LogInformation("Ending handler {Pid}, which an earlier run left behind", pid);
                await handler.StopAsync(Patience);
                handler.Dispose();
            }
        }
    }

    private static byte[] Environ(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's.
            return [];
        }
    }
}
