using System.Text.Json.Nodes;
using CanteenPay.Benchmarks.Payments;
using CanteenPay.EndToEnd;

namespace CanteenPay.Benchmarks.Cost;

/// <summary>
/// What the cost model is made of: everything that LocalCloud counts while one kind of work is done, work after work, on the whole local stack without faults. Polls, routed deliveries and the
/// minute's sweep are counted with the work during which they come; what a sweep takes alone stands beside.
/// </summary>
internal static class WorkOfTheCloud
{
    private const int Sweeps = 5;

    /// <summary>Of people who are issued cards by the demonstration. The same card again within 3 s would be shown once more and not be a tap.</summary>
    private static readonly string[] Cards = ["04A1B2C3", "04D4E5F6"];

    private static readonly TimeSpan BetweenTaps = TimeSpan.FromSeconds(1.6);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(int times)
    {
        await using var stack = await LocalStack.StartAsync();
        await using (var screen = new MachineScreen(stack.Http, stack.Screen))
        {
            await screen.SeeAsync(view => view["online"]!.GetValue<bool>() && view["cards"] is { } cards && cards["status"] is null);
            await PayAsync(stack, screen);
            await CountAsync(stack, "paid orders", times, async () =>
            {
                for (var order = 0; order < times; order++)
                    await PayAsync(stack, screen);
            });
            await CountAsync(stack, "taps, each sent at once", times, () => TapAsync(stack, screen, times));
        }

        await CountAsync(stack, "starts of a machine that knows its accounts", 1, async () =>
            await stack.IsStartedAgainAsync("agent", await stack.KillProgramAsync("agent")));
        await CountAsync(stack, "sweeps with nothing to do", Sweeps, async () =>
        {
            for (var sweep = 0; sweep < Sweeps; sweep++)
                await stack.PostAsync(new Uri(stack.Status, "/timers/Sweep/fire"));
        });
        await CountAsync(stack, "nights of one merchant without business", 1, () => stack.PostAsync(new Uri(stack.Status, "/timers/Night/fire")));
    }

    private static async Task PayAsync(LocalStack stack, MachineScreen screen)
    {
        await screen.PressAsync("clear");
        await screen.PressAsync("8");
        await screen.SeeAsync(view => view["amount"]!.GetValue<string>() == "8");
        await PaymentsOnTheLocalStack.PayAsync(stack, screen);
    }

    private static async Task TapAsync(LocalStack stack, MachineScreen screen, int times)
    {
        string? shown = null;
        for (var tap = 0; tap < times; tap++)
        {
            await screen.PressAsync("clear");
            await screen.PressAsync("1");
            await screen.PresentAsync(Cards[tap % Cards.Length]);
            var (_, view) = await screen.SeeAsync(view => view["tap"]?["tapId"]?.GetValue<string>() is { } id && id != shown);
            shown = view["tap"]!["tapId"]!.GetValue<string>();
            await Task.Delay(BetweenTaps);
        }

        await Eventually.TrueAsync(
            async () => JsonNode.Parse(await stack.Http.GetStringAsync(new Uri(stack.Screen, "/view")))!["cards"]!["unsent"]!.GetValue<int>() == 0,
            Limit,
            () => "The machine still has entries to send.");
    }

    private static async Task CountAsync(LocalStack stack, string what, int times, Func<Task> workAsync)
    {
        var counters = new OperationCounters(stack);
        await counters.StandStillAsync();
        await counters.ResetAsync();
        var before = await stack.StatusAsync();
        await workAsync();
        await counters.StandStillAsync();
        Bill.Print(before, await stack.StatusAsync(), what, times);
        Console.Error.WriteLine(what);
    }
}
