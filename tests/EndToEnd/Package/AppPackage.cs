using System.Diagnostics;
using System.IO.Compression;

namespace CanteenPay.EndToEnd.Package;

/// <summary>The function app's package, as <c>infra/package.sh</c> makes it of what was published.</summary>
public sealed class AppPackage : IAsyncLifetime
{
    /// <summary>The name of the file in <c>artifacts/packages</c>.</summary>
    private const string FileName = "canteenpay-functions.zip";

    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string File { get; } = Path.Combine(Repository.Root, "artifacts/packages", FileName);

    public async Task InitializeAsync()
    {
        _ = Repository.FunctionApp;
        var (code, said) = await RunAsync("infra/package.sh", "--published");
        code.ShouldBe(0, said);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Runs a script of the checkout; how it ended, and what it said.</summary>
    public static async Task<(int Code, string Said)> RunAsync(string script, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, script), arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    /// <summary>Unpacks it as the platform does: everybody may read, the executable may be executed, nobody may write.</summary>
    public void UnpackTo(string folder)
    {
        ZipFile.ExtractToDirectory(File, folder);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            // A folder of a zip has no mode of its own, and a temporary one is for its owner alone.
            var mode = Directory.Exists(path) ? Everybody | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : System.IO.File.GetUnixFileMode(path);
            System.IO.File.SetUnixFileMode(path, mode & ~(UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        }
    }
}
