using System.Runtime.InteropServices;
using CanteenPay.Local;
using CanteenPay.Lunch;
using CanteenPay.Lunch.Report;
using CanteenPay.Lunch.Stack;

const int clean = 0, different = 1, refused = 2, brokenOff = 3;
var time = TimeProvider.System;
using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    var options = LunchOptions.Parse(args, Random.Shared.Next());
    return await HoldAsync(options);
}
catch (LunchException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return refused;
}
catch (HttpRequestException e)
{
    await Console.Error.WriteLineAsync($"午餐失败，没有对账 The lunch failed, the books were not compared: {e.Message}");
    return brokenOff;
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("午餐中断，没有对账 Broken off: the books were not compared.");
    return brokenOff;
}

async Task<int> HoldAsync(LunchOptions options)
{
    var progress = new ProgressLine(Console.Error, terminal: !Console.IsErrorRedirected, time);
    progress.Say($"种子 seed {options.Seed}");
    await using var stack = await LunchStack.StartAsync(Directory.GetCurrentDirectory(), CanteenLayout.Of(options.Machines), time, ending.Token);
    progress.Say($"状态页 status {stack.Endpoints.Status} · 银行 bank {stack.Endpoints.Bank} · 日志 logs {stack.StateFolder}");
    // One operator does everybody's office work.
    var sender = new SocketsHttpHandler { AllowAutoRedirect = false };
    using var http = new HttpClient(new LocalSignIn(stack.Endpoints.Directory, stack.Endpoints.ClientId, "operator", stack.Endpoints.Functions, sender, time)) { Timeout = TimeSpan.FromSeconds(15) };
    var summary = await new LunchDay(options, stack.Layout, stack.Endpoints, http, time, progress).HoldAsync(ending.Token);
    var text = SummaryMarkdown.Write(summary);
    progress.Say("");
    await Console.Out.WriteLineAsync(text);
    if (options.Report is { } report)
        await File.WriteAllTextAsync(report, text, CancellationToken.None);
    stack.KeepFolder = options.Keep || !summary.IsClean;
    if (stack.KeepFolder)
        progress.Say($"日志在 The logs are in {stack.StateFolder}");
    return summary.IsClean ? clean : different;
}

void End(PosixSignalContext context)
{
    // The stack is ended in order; a second signal changes nothing.
    context.Cancel = true;
    ending.Cancel();
}
