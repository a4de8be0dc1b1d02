using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using CanteenPay.Infra.Tests;

namespace CanteenPay.EndToEnd.Package;

/// <summary>The function app's package: what is in it, and that it starts as the host in Azure would start it.</summary>
public sealed class PackageTests(AppPackage package) : IClassFixture<AppPackage>, IDisposable
{
    private const string VaultReference = "@Microsoft.KeyVault(";

    private static readonly string KeyOfNobody = Key();

    private readonly string folder = Directory.CreateTempSubdirectory("canteenpay-package-").FullName;

    public void Dispose()
    {
        foreach (var path in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserWrite);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void It_has_host_json_at_its_root_a_folder_for_each_function_and_an_executable_that_may_be_executed()
    {
        using var zip = ZipFile.OpenRead(package.File);
        var entries = zip.Entries.ToDictionary(entry => entry.FullName);
        using var host = JsonDocument.Parse(entries["host.json"].Open());
        var executable = host.RootElement.GetProperty("customHandler").GetProperty("description").GetProperty("defaultExecutablePath").GetString()!;

        Mode(entries[executable]).HasFlag(UnixFileMode.OtherExecute).ShouldBeTrue("the app's user owns nothing of it");
        zip.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith("/function.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ShouldBe(Directory.EnumerateFiles(Repository.FunctionApp, "function.json", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository.FunctionApp, file)).Order(StringComparer.Ordinal));
        zip.Entries.ShouldAllBe(entry => Mode(entry).HasFlag(UnixFileMode.OtherRead) && !Mode(entry).HasFlag(UnixFileMode.OtherWrite));
        // Settings come from Bicep alone; tests, documentation and what a developer keeps do not belong to it.
        entries.Keys.ShouldNotContain(name => name.Contains("appsettings", StringComparison.OrdinalIgnoreCase) || name.Contains("local.settings", StringComparison.OrdinalIgnoreCase)
            || name.Contains("xunit", StringComparison.Ordinal) || name.EndsWith(".xml", StringComparison.Ordinal) || name.StartsWith('/') || name.Contains("..", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_digest_is_that_of_the_file() =>
        (await File.ReadAllTextAsync(package.File + ".sha256")).ShouldBe($"{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(package.File)))}  {Path.GetFileName(package.File)}\n");

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task It_starts_as_another_user_from_a_read_only_folder_with_the_environment_of_Bicep_alone(string environment)
    {
        package.UnpackTo(folder);
        var before = Contents();
        await using (var app = new StartedPackage(folder, Deployment.Of(environment).AppSettings().Select(Resolved)))
        {
            await app.ReadyAsync();

            app.User().ShouldBe(StartedPackage.AnotherUser);
            (await app.Http.GetStringAsync(new Uri("health/live", UriKind.Relative))).ShouldBe("live");
            // The whole way in front of what a person asks for is put together; only who asks is not known.
            (await app.Http.GetAsync(new Uri("api/me", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            app.Output.ShouldNotContain("Exception");
        }

        Contents().ShouldBe(before);
    }

    [Fact]
    public async Task A_secret_that_the_vault_did_not_hand_over_ends_the_start_and_is_named()
    {
        package.UnpackTo(folder);
        await using var app = new StartedPackage(folder, Deployment.Prod.AppSettings());

        (await app.EndedAsync()).ShouldBe(2);
        app.Output.ShouldContain("SwiftPass:PrivateKeys:");
        app.Output.ShouldNotContain("   at ", Case.Sensitive, "words for an operator, no stack");
    }

    /// <summary>As Azure hands a setting over that refers to the vault.</summary>
    private static KeyValuePair<string, string> Resolved(KeyValuePair<string, string> setting) => setting.Value.StartsWith(VaultReference, StringComparison.Ordinal)
        ? new(setting.Key, setting.Key.Contains("Private", StringComparison.Ordinal) ? KeyOfNobody : setting.Key.Contains("Public", StringComparison.Ordinal) ? PublicKey() : setting.Key.EndsWith("HEADERS", StringComparison.Ordinal) ? "api-key=a secret" : "a secret of the vault, 32 bytes long")
        : setting;

    private static string Key()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string PublicKey()
    {
        using var key = RSA.Create();
        key.ImportFromPem(KeyOfNobody);
        return key.ExportSubjectPublicKeyInfoPem();
    }

    private static UnixFileMode Mode(ZipArchiveEntry entry) => (UnixFileMode)(entry.ExternalAttributes >> 16 & 0xFFF);

    private string[] Contents() =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) ? new FileInfo(path).Length : 0)}"),
    ];
}
