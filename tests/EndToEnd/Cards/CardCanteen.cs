namespace CanteenPay.EndToEnd.Cards;

/// <summary>Several machines of one merchant on a stack of their own, each behind a cable that is cut as yet, and the merchant's office.</summary>
public sealed class CardCanteen : IAsyncDisposable
{
    private readonly StackConfig _config;

    private CardCanteen(StackConfig config, LocalStack stack, IReadOnlyList<Cable> cables)
    {
        (_config, Stack) = (config, stack);
        Office = new(stack, stack.Merchant);
        Machines = [.. cables.Select((cable, machine) => new CardMachine(stack, stack.Kept[FleetConfig.Device(machine)], FleetConfig.Program(machine), cable))];
    }

    /// <summary>The stack.</summary>
    public LocalStack Stack { get; }

    /// <summary>The merchant's office.</summary>
    public CardOffice Office { get; }

    /// <summary>The machines.</summary>
    public IReadOnlyList<CardMachine> Machines { get; }

    /// <summary>The merchant.</summary>
    public string Merchant => Stack.Merchant;

    /// <summary>Starts everything.</summary>
    /// <param name="machines">How many, 1 to 9.</param>
    /// <param name="agent">The folder of another agent than the one that was built with the tests.</param>
    public static async Task<CardCanteen> StartAsync(int machines, string? agent = null)
    {
        List<Cable> cables = [.. Enumerable.Range(0, machines).Select(_ => new Cable())];
        var config = FleetConfig.Of(cables);
        try
        {
            var other = agent is null ? [] : Enumerable.Range(0, machines).SelectMany(machine => new[] { "--program-dir", $"{FleetConfig.Program(machine)}={agent}" });
            return new(config, await LocalStack.StartAsync(functionApp: null, ["--config", config.File, .. other]), cables);
        }
        catch
        {
            config.Dispose();
            foreach (var cable in cables)
                await cable.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does something with each of many, a few at a time.</summary>
    public static Task EachAsync<T>(IEnumerable<T> all, Func<T, Task> act) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (one, _) => new ValueTask(act(one)));

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in Machines)
            await machine.DisposeAsync();
        await Stack.DisposeAsync();
        _config.Dispose();
    }
}
