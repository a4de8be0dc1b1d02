namespace CanteenPay.DeviceAgent.Tests.Package;

/// <summary>How a fake agent behaves.</summary>
internal enum Fate
{
    /// <summary>It serves.</summary>
    Well,

    /// <summary>It ends as soon as it is started.</summary>
    Crashes,

    /// <summary>It passes its trial, and then never becomes healthy on the real machine.</summary>
    IllForReal,
}

/// <summary>A package whose agent is a script; everything else in it is the real one.</summary>
internal static class FakeRelease
{
    /// <summary>The package's own files, as they are in the repository.</summary>
    public static readonly string Source = Path.Combine(Root(), "device-agent", "package");

    /// <summary>Writes the folder of a release.</summary>
    public static async Task<string> UnpackedAsync(string parent, string version, Fate fate, int database, string health)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"canteenpay-agent-{version}-linux-x64")).FullName;
        foreach (var file in Directory.GetFiles(Source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var agent = Path.Combine(folder, "CanteenPay.DeviceAgent");
        await File.WriteAllTextAsync(agent, $$"""
            #!/bin/sh
            if [ "$1" = --version ]; then echo "{{version}}+abc database {{database}}"; exit; fi
            {{(fate == Fate.Crashes ? "echo 'The agent cannot run: it was born so.' >&2; exit 1" : "")}}
            echo '{"url":"{{health}}/trial/{{version}}"}' >"$Agent__StateFolder/screen.json"
            exec sleep 20
            """);
        File.SetUnixFileMode(agent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(folder, "libe_sqlite3.so"), fate.ToString());
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(folder, "VERSION"), version + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "DATABASE"), database + "\n");
        return folder;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CanteenPay.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("CanteenPay.sln is in no folder above the tests.");
    }
}
