using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CanteenPay.EndToEnd.Settlement;
using CanteenPay.Protocol;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>A night on real parts: the function app dies in the middle of it, and finance reads the day, prints it, opens its files, closes it.</summary>
[Collection(SharedCounter.Name)]
public sealed class SettlementTests(SharedBrowser browser, SharedStack shared, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Queue = "settlement";

    /// <summary>A fan-out reads who there is, and sends; somewhere between.</summary>
    private const int WhileItSends = 4;

    /// <summary>Some I/Os of a dozen statements: more than one of them takes, less than all do.</summary>
    private const int InTheMiddle = 40;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A day is a long answer, and whoever makes it is busy settling.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly LocalStack _stack = shared.Stack;
    private readonly HttpClient _finance = shared.Stack.As("finance");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _finance.Dispose();
        await browser.Browser.ClosePagesAsync();
        output.WriteLine(_stack.TakeOutput());
    }

    [Fact]
    public async Task The_function_app_dies_in_the_middle_of_the_fan_out_and_every_merchant_gets_its_statement_once()
    {
        // Complete at any hour, which yesterday is not.
        var day = BusinessDay.Of(TimeProvider.System.GetUtcNow()).AddDays(-2);
        var seeded = new SeededDay(day, merchants: 12, ordersEach: 20, _stack.Kept["distributor"]);
        await seeded.WriteAsync(_stack.TablesConnectionString);
        var before = await _stack.KillsAsync();
        await _stack.HoldAsync(Queue);
        await _stack.KillHandlerAfterAsync(WhileItSends);
        await AskAsync(day);
        await Eventually.TrueAsync(async () => await _stack.KillsAsync() > before, Limit, () => "the function app was not killed while it sent");
        // Whoever asked sees no answer and asks again.
        await Eventually.TrueAsync(() => AskAsync(day), Limit, () => "nobody takes the wish again");

        await _stack.KillHandlerAfterAsync(InTheMiddle);
        await _stack.ReleaseAsync(Queue);

        await Eventually.TrueAsync(async () => await _stack.KillsAsync() > before + 1, Limit, () => "the function app was not killed while it settled");
        JsonNode? settled = null;
        await Eventually.TrueAsync(
            async () => (settled = await LookAsync(day))?["progress"]!["due"]!.GetValue<int>() == 0, Limit, () => $"the day is not settled: {settled?["progress"]}");
        IsThatOf(seeded, settled!);
        await PrintsAsync(day, seeded);
        // What was printed was settled once more, and nothing came of it.
        IsThatOf(seeded, await ReadAsync(day));
        await HasFilesAsync(day, settled!["lines"]![0]!["merchantId"]!.GetValue<string>());
        await ClosesAsync(day);
    }

    private static void IsThatOf(SeededDay seeded, JsonNode day)
    {
        day["progress"]!["statements"]!.GetValue<int>().ShouldBe(seeded.Merchants);
        day["lines"]!.AsArray().Count.ShouldBe(seeded.Merchants);
        day["lines"]!.AsArray().ShouldAllBe(line => line!["revision"]!.GetValue<int>() == 1);
        var totals = day["totals"]!;
        Fen(totals, "gross").ShouldBe(seeded.Gross);
        Fen(totals, "refunds").ShouldBe(seeded.Refunds);
        (Fen(totals, "fee") - Fen(totals, "feeReturned")).ShouldBe(seeded.NetFee);
        Fen(totals, "payable").ShouldBe(seeded.Gross - seeded.Refunds - seeded.NetFee);
        (Fen(totals, "bankPart") + totals["distributorParts"]!.AsArray().Sum(part => Fen(part!, "part")) + Fen(totals, "platformPart")).ShouldBe(seeded.NetFee);
    }

    /// <summary>As <c>run.sh settle</c> runs it.</summary>
    private async Task PrintsAsync(DateOnly day, SeededDay seeded)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Repository.Settle, "CanteenPay.Settle"), [day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "--state", _stack.StateFolder])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var command = Process.Start(start)!;
        var errors = command.StandardError.ReadToEndAsync();
        var printed = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        output.WriteLine(printed);
        command.ExitCode.ShouldBe(0, $"{printed}\n{await errors}");
        printed.ShouldContain("日结算单");
        printed.ShouldContain("第 12 食堂");
        printed.ShouldContain((seeded.Gross / 100m).ToString("N2", CultureInfo.InvariantCulture));
        printed.ShouldContain(((seeded.Gross - seeded.Refunds - seeded.NetFee) / 100m).ToString("N2", CultureInfo.InvariantCulture));
    }

    private async Task HasFilesAsync(DateOnly day, string merchant)
    {
        JsonArray files = [];
        await Eventually.TrueAsync(
            async () => (files = JsonNode.Parse(await _finance.GetStringAsync(new Uri($"{Address(day)}/files?merchantId={merchant}")))!["files"]!.AsArray())
                .Any(file => Name(file).EndsWith(".html", StringComparison.Ordinal)),
            Limit,
            () => "the day has no files");
        files.Select(Name).ShouldContain(name => name.StartsWith("settlement-", StringComparison.Ordinal) && name.EndsWith(".xlsx", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var bytes = await _finance.GetByteArrayAsync(new Uri(_stack.Functions, $"{Address(day).AbsolutePath}/files/{Name(file)}"));
            Convert.ToHexStringLower(SHA256.HashData(bytes)).ShouldBe(file!["sha256"]!.GetValue<string>(), Name(file));
            if (Name(file).EndsWith(".html", StringComparison.Ordinal))
                await ShowAsync(bytes);
        }
    }

    private async Task ShowAsync(byte[] statement)
    {
        var page = await browser.Browser.OpenPageAsync(width: 840, height: 1080);
        await page.SetContentAsync(System.Text.Encoding.UTF8.GetString(statement));
        (await page.InnerTextAsync("body")).ShouldContain("第 1 食堂");
        await Pictures.TakeAsync(page, "statement");
    }

    private async Task ClosesAsync(DateOnly day)
    {
        using (var closing = await _finance.PostAsync(new Uri($"{Address(day)}/close"), content: null))
            closing.IsSuccessStatusCode.ShouldBeTrue(await closing.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(
            async () => (await LookAsync(day))?["state"]!.GetValue<string>() == "closed", Limit, () => "the day was not closed");
        using var again = await _finance.PostAsync(Address(day), content: null);
        ((int)again.StatusCode).ShouldBe(409);
    }

    /// <summary>Whether the wish to settle the day was taken.</summary>
    private async Task<bool> AskAsync(DateOnly day)
    {
        using var asked = await _finance.PostAsync(Address(day), content: null);
        return asked.IsSuccessStatusCode;
    }

    /// <summary>How the day stands in a while; null while the function app starts again.</summary>
    private async Task<JsonNode?> LookAsync(DateOnly day)
    {
        using var timer = new PeriodicTimer(BetweenLooks);
        await timer.WaitForNextTickAsync();
        using var answer = await _finance.GetAsync(Address(day));
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }

    private async Task<JsonNode> ReadAsync(DateOnly day) => JsonNode.Parse(await _finance.GetStringAsync(Address(day)))!;

    private Uri Address(DateOnly day) => new(_stack.Functions, string.Create(CultureInfo.InvariantCulture, $"/api/settlements/{day:yyyy-MM-dd}"));

    private static long Fen(JsonNode node, string name) => node[name]!.GetValue<long>();

    private static string Name(JsonNode? file) => file!["name"]!.GetValue<string>();
}
