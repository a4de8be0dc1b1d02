using Microsoft.Playwright;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>
/// The function app as it is deployed: self-contained, compiled ahead of time, in a folder that cannot be written. The machine is the agent as it is installed: only
/// running it shows that trimming took away nothing that it needs.
/// </summary>
public sealed class PublishedAppTests(ITestOutputHelper output)
{
    private const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    [Fact]
    public async Task It_serves_a_payment_and_a_tap_from_a_read_only_folder_and_leaves_the_folder_as_it_was()
    {
        var folder = Directory.CreateTempSubdirectory("canteenpay-app-").FullName;
        try
        {
            CopyReadOnly(Repository.FunctionApp, folder);
            var before = Contents(folder);
            await using (var browser = await Browser.StartAsync())
            await using (var stack = await LocalStack.StartAsync(folder, "--per-function-group", "--program-dir", $"agent={Repository.Agent}"))
            {
                var counter = new Counter(stack, browser);
                var screen = await counter.OpenScreenAsync();
                await counter.PayAsync(await Counter.ShowQrAsync(screen, "9.90"), Browser.Alipay);
                await Counter.ShowsAsync(screen, "支付成功 ¥9.90");
                await counter.OrderIsAsync("Paid", "Alipay");
                await screen.ClickAsync("button[data-key=\"8\"]");
                await screen.ClickAsync("#reader button[data-card=\"04A1B2C3\"]");
                await Counter.ShowsAsync(screen, "消费成功 ¥8.00");
                await Assertions.Expect(screen.Locator("#standing b")).ToHaveTextAsync("", new() { Timeout = Counter.Patience });
                output.WriteLine(stack.Output);
            }

            // Root may write where nobody may: so it is also checked that nothing did.
            Contents(folder).ShouldBe(before);
        }
        finally
        {
            foreach (var path in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserWrite);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void It_needs_no_runtime_on_the_machine_and_its_executable_is_executable()
    {
        var executable = Path.Combine(Repository.FunctionApp, "CanteenPay.Functions");

        (File.GetUnixFileMode(executable) & UnixFileMode.UserExecute).ShouldNotBe(UnixFileMode.None);
        File.Exists(Path.Combine(Repository.FunctionApp, "libcoreclr.so")).ShouldBeTrue();
        File.Exists(Path.Combine(Repository.FunctionApp, "host.json")).ShouldBeTrue();
        Directory.EnumerateFiles(Repository.FunctionApp, "function.json", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))
            .ShouldBe(["Api", "CardFeed", "CopyTables", "Health", "MachineCards", "MachineDoor", "MachinePayments", "MachineStatus", "Night", "Notify", "Park", "PaymentPoll", "Portal", "SettleMerchant", "Sweep"], ignoreOrder: true);
    }

    private static void CopyReadOnly(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        foreach (var path in Directory.EnumerateFileSystemEntries(to, "*", SearchOption.AllDirectories).Append(to))
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Writable);
    }

    private static string[] Contents(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) ? new FileInfo(path).Length : 0)}"),
    ];
}
