using CanteenPay.Azure.InMemory;

namespace CanteenPay.Functions.Tests.Settlement.Postings;

/// <summary>
/// Several processes over one storage, each of which waits before each I/O until chance lets it go on: so every order of their steps can come. Now and then one is killed
/// before or after an I/O and begins anew. The same seed is the same story.
/// </summary>
internal sealed class Interleaving
{
    private const int MostSteps = 5_000;

    private readonly Random _chance;
    private readonly double _kills;
    private readonly List<TaskCompletionSource> _waiting = [];

    public Interleaving(int seed, InMemoryTableService tables, double kills)
    {
        (_chance, _kills) = (new(seed), kills);
        tables.BeforeOperation = async operation =>
        {
            var turn = new TaskCompletionSource();
            _waiting.Add(turn);
            await turn.Task;
            KillSometimes(operation);
        };
        tables.AfterOperation = operation =>
        {
            KillSometimes(operation);
            return Task.CompletedTask;
        };
    }

    /// <summary>Runs all to their ends. One that is killed, or that says that it must come again, begins anew.</summary>
    /// <param name="processes">What each does from its beginning.</param>
    /// <param name="comesAgain">Whether a failure means that.</param>
    public void Run(IEnumerable<Func<Task>> processes, Func<Exception, bool> comesAgain)
    {
        var context = SynchronizationContext.Current;
        // Everything goes on where it is let go: on this thread, at once.
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var all = Task.WhenAll([.. processes.Select(process => UntilDoneAsync(process, comesAgain))]);
            for (var step = 0; _waiting.Count > 0; step++)
            {
                step.ShouldBeLessThan(MostSteps, "somebody never comes to an end");
                var next = _chance.Next(_waiting.Count);
                var turn = _waiting[next];
                _waiting.RemoveAt(next);
                turn.SetResult();
            }

            all.IsCompleted.ShouldBeTrue("nobody waits for anything else");
            all.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static async Task UntilDoneAsync(Func<Task> process, Func<Exception, bool> comesAgain)
    {
        while (true)
        {
            try
            {
                await process();
                return;
            }
            catch (Exception e) when (e is Killed || comesAgain(e))
            {
                // It begins anew.
            }
        }
    }

    private void KillSometimes(string operation)
    {
        if (_chance.NextDouble() < _kills)
            throw new Killed(operation);
    }
}
