using System.Diagnostics;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>A lunch of seconds, with every machine, diner and book that a long one has.</summary>
public sealed class LunchTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_lunch_at_which_everyone_pays_or_taps_ends_with_books_that_agree_to_the_fen()
    {
        string[] arguments = ["--minutes", "0.2", "--machines", "2", "--rate", "12", "--seed", "1", "--everyone-pays"];
        using var lunch = Process.Start(new ProcessStartInfo(Repository.Lunch, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var (summary, progress) = (lunch.StandardOutput.ReadToEndAsync(), lunch.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await lunch.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!lunch.HasExited)
                lunch.Kill();
            output.WriteLine($"{await progress}\n{await summary}");
        }

        lunch.ExitCode.ShouldBe(0);
        (await summary).ShouldContain("nothing missing, doubled or different");
        (await summary).ShouldMatch(@"\| 已支付 paid \| [1-9]\d* \|", "somebody must have eaten");
        (await summary).ShouldMatch(@"\| 刷卡消费 tapped \| [1-9]\d* \|", "somebody must have tapped a card");
    }
}
