using CanteenPay.Local;
using CanteenPay.Settle;
using Spectre.Console;

const int settled = 0, incomplete = 1, refused = 2;
var time = TimeProvider.System;
using var ending = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    ending.Cancel();
};
// What is printed is for people; what is in the way goes to the other stream, where a pipe does not lose it.
var console = AnsiConsole.Console;
var errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
if (Console.IsOutputRedirected)
    console.Profile.Width = DayStatement.WidthWithoutTerminal;
try
{
    var options = SettleOptions.Parse(args);
    var stack = RunningStack.Read(options.StateFolder);
    using var http = new HttpClient(new LocalSignIn(stack.Directory, stack.ClientId, "finance", stack.Functions, new SocketsHttpHandler(), time)) { Timeout = TimeSpan.FromSeconds(60) };
    var api = new SettlementApi(http, stack.Functions);
    var watch = new SettleWatch(api, time);
    var day = Console.IsOutputRedirected
        ? await watch.SettleAsync(options.Day, _ => { }, ending.Token)
        : await SettleProgress.ShowAsync(errors, options.Day, progress => watch.SettleAsync(options.Day, progress, ending.Token));
    DayStatement.Print(console, day, await watch.FilesAsync(day.Day, ending.Token));
    return day.Progress is { Due: 0 } ? settled : incomplete;
}
catch (SettleException e)
{
    errors.MarkupLineInterpolated($"[red]{e.Message}[/]");
    return refused;
}
catch (HttpRequestException e)
{
    errors.MarkupLineInterpolated($"[red]没有应答 The function app does not answer: {e.Message}[/]");
    return refused;
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    errors.MarkupLine("已中断，结算在后台继续 [dim]Broken off; the settling goes on by itself.[/]");
    return incomplete;
}
