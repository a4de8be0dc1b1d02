using Azure.Core;
using Azure.Storage.Blobs;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Copies;
using Spectre.Console;

namespace CanteenPay.TableAdmin.Restoring;

/// <summary><c>infra/tables.sh restore</c>.</summary>
internal static class RestoreCommand
{
    private const int Done = 0, BrokenOff = 1;

    /// <summary>Does it, by the identity of whoever is signed in, or by connection strings.</summary>
    /// <exception cref="AdminException">It cannot be done as it was asked for.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TokenCredential identity, CancellationToken cancellationToken)
    {
        var options = RestoreOptions.Parse(arguments, Environment.GetEnvironmentVariable);
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
            console.Profile.Width = int.MaxValue;
        var asked = Console.IsInputRedirected || Console.IsOutputRedirected ? null : new Func<string, string>(words => console.Ask<string>(words));
        try
        {
            return await RunAsync(options, new CopyBlobs(Blobs(options.From, identity)), TableAccount.Open(options.To, identity), console, asked, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.WriteLine("已中断，已写入的保留，同一命令会继续 / Broken off. What was written stays; the same command goes on from there.");
            return BrokenOff;
        }
    }

    /// <summary>Does it.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="files">Where the copies lie.</param>
    /// <param name="to">The account whose table is restored.</param>
    /// <param name="console">Where it is said what came of it.</param>
    /// <param name="ask">Asks whoever sits there; null when nobody does.</param>
    /// <param name="cancellationToken">Gives up between two transactions.</param>
    /// <exception cref="AdminException">It cannot be done as it was asked for.</exception>
    public static async Task<int> RunAsync(
        RestoreOptions options, ICopyFiles files, TableServiceClient to, IAnsiConsole console, Func<string, string>? ask, CancellationToken cancellationToken)
    {
        var copy = await CopyRows.OpenAsync(files, options, cancellationToken);
        if (options.Mode == SinkMode.Replace)
            Confirm(options, ask);
        var (report, result) = console.Profile.Capabilities.Interactive
            ? await console.Status().StartAsync("读取 Reading …", moving => RestoreAsync(new(console, copy.Rows, text => moving.Status = text)))
            : await RestoreAsync(new(console, copy.Rows));
        report.End(result, options.Mode);
        return Done;

        async Task<(RestoreReport Report, RestoreResult Result)> RestoreAsync(RestoreReport told) =>
            (told, await new Restore(copy, to.GetTableClient(options.Table), options.Range, options.Mode, told).RunAsync(cancellationToken));
    }

    private static void Confirm(RestoreOptions options, Func<string, string>? ask)
    {
        if (options.IsSure)
            return;
        var words = $"replace {options.Table}";
        if (ask is null)
            throw new AdminException("没有终端可确认：请加 --yes / Nobody can be asked here: --yes.");
        if (ask($"将把表中不同的行改回副本 {options.Copy} 的样子，之后的改动会丢失。请输入“{words}”/ Rows that differ become those of the copy again, and what was written since is lost. Type '{words}':") != words)
            throw new AdminException("未确认，什么也没有写 / Not confirmed; nothing was written.");
    }

    private static BlobServiceClient Blobs(string account, TokenCredential identity)
    {
        try
        {
            return account.StartsWith("https://", StringComparison.Ordinal) ? new(new Uri(account), identity) : new(account);
        }
        catch (FormatException e)
        {
            throw new AdminException($"--from 是 https://NAME.blob.core.windows.net 或连接字符串 / --from is https://NAME.blob.core.windows.net, or a connection string. {e.Message}");
        }
    }
}
