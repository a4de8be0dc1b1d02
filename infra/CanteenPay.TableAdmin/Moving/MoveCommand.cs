using System.Diagnostics;
using System.Globalization;
using Azure.Core;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;
using Spectre.Console;

namespace CanteenPay.TableAdmin.Moving;

/// <summary><c>tables.sh move MERCHANT --from ACCOUNT --to ACCOUNT --name NAME [--switch]</c>.</summary>
internal static class MoveCommand
{
    /// <summary>How it is called.</summary>
    public const string Usage = "move MERCHANT --from ACCOUNT --to ACCOUNT --name NAME [--switch]";

    /// <summary>Runs it.</summary>
    /// <exception cref="AdminException">The arguments are wrong, or the move is refused.</exception>
    public static async Task RunAsync(string[] arguments, TokenCredential identity, IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (arguments is not [var id, "--from", var from, "--to", var to, "--name", var name, .. var rest] || rest is not ([] or ["--switch"]))
            throw new AdminException($"infra/tables.sh {Usage}");
        if (!MerchantId.TryParse(id, null, out var merchant))
            throw new AdminException($"'{id}' 不是商户号 is no merchant's id: 8 characters of Crockford base32, upper case.");
        if (from == to)
            throw new AdminException("两个账户相同 Both accounts are the same.");
        var move = new MerchantMove(merchant, Account(from, identity), Account(to, identity), name, clock);
        var began = Stopwatch.GetTimestamp();
        if (rest.Length == 0)
        {
            var written = await ShowAsync(console, progress => move.CopyAsync(progress, cancellationToken));
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"已复制 [bold]{written:N0}[/] 行，用时 {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} 秒 Copied. 商户仍在原账户 The merchant still lives in the old account; what changes from now on the next copy brings.");
            return;
        }

        await ShowAsync(console, async progress =>
        {
            await move.SwitchAsync(progress, cancellationToken);
            return 0L;
        });
        console.MarkupLineInterpolated($"[green]已迁移[/] {merchant} 现在位于 lives in '{name}'。");
        console.WriteLine(
            name == Functions.Operations.TableAccounts.Main
                ? $"启动应用前删除设置 Before the app starts again, take away the setting Tables__Homes__{merchant} (merchantHomes in infra/main.parameters.prod.json)."
                : $"启动应用前设置 Before the app starts again, set Tables__Homes__{merchant}={name} (merchantHomes in infra/main.parameters.prod.json).");
    }

    /// <summary>No key stands in a command.</summary>
    private static TableServiceClient Account(string text, TokenCredential identity) => text.StartsWith("https://", StringComparison.Ordinal)
        ? TableAccount.Open(text, identity)
        : TableAccount.Open(
            Environment.GetEnvironmentVariable(text) ?? throw new AdminException($"'{text}' 既不是地址也不是环境变量 is neither an https address nor a variable of the environment that holds a connection string."),
            identity);

    private static async Task<long> ShowAsync(IAnsiConsole console, Func<Action<MoveProgress>, Task<long>> run)
    {
        if (!console.Profile.Out.IsTerminal)
            return await run(progress => Line(console, progress));
        return await console.Status().StartAsync("复制中 Copying", context => run(progress => context.Status(Markup.Escape(Text(progress)))));
    }

    private static void Line(IAnsiConsole console, MoveProgress progress)
    {
        const int betweenLines = 100_000;
        if (progress.Rows % betweenLines == 0 || progress.Rows % 1000 != 0)
            console.WriteLine(Text(progress));
    }

    private static string Text(MoveProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.Table}: {progress.Rows:N0} 行 rows, {progress.Written:N0} 写入 written");
}
