using System.Diagnostics;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>A file system of a few megabytes, in memory. Only root may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TestFolder folder = new();

    public SmallDisk(int megabytes) => Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "canteen-test", folder.Path).ShouldBeTrue();

    public string Path => folder.Path;

    /// <summary>Whether this process may mount one.</summary>
    public static bool IsPossible { get; } = Environment.UserName == "root" && Try();

    /// <summary>Writes a file until nothing more fits.</summary>
    public static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                stream.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Dispose()
    {
        Run("umount", "-l", folder.Path);
        folder.Dispose();
    }

    private static bool Try()
    {
        using var probe = new TestFolder();
        return Run("mount", "-t", "tmpfs", "-o", "size=1m", "canteen-test", probe.Path) && Run("umount", probe.Path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that needs a small disk; skipped, with the reason, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.IsPossible)
            Skip = "A small file system can be mounted by root only. (The limit of the database's own pages is tested everywhere.)";
    }
}
