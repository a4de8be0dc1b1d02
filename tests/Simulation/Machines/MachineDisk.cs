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

    private readonly DeviceId device;

    public MachineDisk(DeviceId device)
    {
        this.device = device;
        FolderPath = NewFolder();
        Install();
    }

    private const string DatabaseFile = "agent.db";
    private const string LockSuffix = ".lock";
    private const string SharedMemorySuffix = "-shm";

    private string FolderPath { get; }

    /// <summary>Takes the folder for one run of the agent.</summary>
    public StateFolder Take() => StateFolder.Take(FolderPath);

    /// <summary>While the machine is off: a new disk, on which the agent was just installed.</summary>
    public void Install()
    {
        var empty = EmptyDatabases.GetOrAdd(device, static device => new(() => MakeEmpty(device))).Value;
        Replace(new Dictionary<string, byte[]> { [DatabaseFile] = empty });
    }

    /// <summary>A copy of all that is on it; the machine may be running.</summary>
    public DiskImage Copy() => new(Directory.EnumerateFiles(FolderPath)
        .Where(file => !file.EndsWith(LockSuffix, StringComparison.Ordinal) && !file.EndsWith(SharedMemorySuffix, StringComparison.Ordinal))
        .ToDictionary(file => Path.GetFileName(file), ReadShared));

    /// <summary>While the machine is off: what was on it once is on it again.</summary>
    public void Restore(DiskImage image) => Replace(image.Files);

    /// <summary>While the machine is off: its database turned out to be damaged while it was in use, although all of it can be read.</summary>
    public void Suspect()
    {
        using var folder = Take();
        File.WriteAllText(folder.SuspectFile, "damaged in a story");
    }

    /// <summary>While the machine is off: nothing of its database can be read any more.</summary>
    public void Destroy()
    {
        using var folder = Take();
        var bytes = File.ReadAllBytes(folder.Database);
        Array.Fill(bytes, (byte)0xA5);
        File.WriteAllBytes(folder.Database, bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FolderPath, recursive: true);

    private void Replace(IReadOnlyDictionary<string, byte[]> files)
    {
        foreach (var file in Directory.EnumerateFiles(FolderPath).ToList())
            File.Delete(file);
        foreach (var (name, bytes) in files)
            File.WriteAllBytes(Path.Combine(FolderPath, name), bytes);
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

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

/// <summary>What was on a disk.</summary>
/// <param name="Files">By name.</param>
internal sealed record DiskImage(IReadOnlyDictionary<string, byte[]> Files);
