using System.Collections.Concurrent;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.Simulation.Machines;

/// <summary>
/// A machine's disk: a private folder in memory (where the system has one), kept while the machine is off. A new disk gets a copy of an empty database, because
/// making one takes longer than a lunch.
/// </summary>
internal sealed class MachineDisk : IDisposable
{
    private static readonly string Root = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"canteenpay-simulation-{Environment.ProcessId}");

    private static readonly ConcurrentDictionary<DeviceId, Lazy<byte[]>> EmptyDatabases = new();

    private static int folders;

    public MachineDisk(DeviceId device)
    {
        FolderPath = NewFolder();
        var empty = EmptyDatabases.GetOrAdd(device, static device => new(() => MakeEmpty(device))).Value;
        using var folder = Take();
        File.WriteAllBytes(folder.Database, empty);
    }

    private string FolderPath { get; }

    /// <summary>Takes the folder for one run of the agent.</summary>
    public StateFolder Take() => StateFolder.Take(FolderPath);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FolderPath, recursive: true);

    private static string NewFolder() => Directory.CreateDirectory(Path.Combine(Root, $"{Interlocked.Increment(ref folders)}")).FullName;

    private static byte[] MakeEmpty(DeviceId device)
    {
        var path = NewFolder();
        try
        {
            using var folder = StateFolder.Take(path);
            OrderStore.Open(folder, device).Dispose();
            return File.ReadAllBytes(folder.Database);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
