namespace CanteenPay.LocalCloud.Faults;

/// <summary>
/// Kills the function app's process after an I/O: its effect stands, its answer is lost. Every front that the app calls hands its requests through here;
/// who made one is not known, so requests of others are counted as well.
/// </summary>
/// <param name="hop">The dice of kills at random, and the count of all.</param>
/// <param name="kill">Kills the process or, with one for each function, all of them, and completes when they are gone.</param>
/// <param name="logger">Is told of each kill and of the I/O before it: whoever replays a seed wants to know where it struck.</param>
internal sealed class HandlerKills(Hop hop, Func<Task> kill, ILogger logger)
{
    internal const int MostIo = 1_000_000;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _dying;
    private volatile int _left;

    /// <summary>I/Os until the kill that was ordered; 0 when none is.</summary>
    internal int Left => _left;

    /// <summary>Orders a kill after the <paramref name="io"/>th I/O from now, in place of one that was ordered before; 0 orders none.</summary>
    internal void After(int io) => _left = io;

    /// <summary>Kills now; completes when the process is gone.</summary>
    internal Task NowAsync()
    {
        hop.Count(FaultKind.Kill);
        return kill();
    }

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var dice = hop.Next();
        if (dice is null && _left == 0 && _dying is null)
        {
            await next(context);
            return;
        }

        var (last, dying) = Judge(dice is { Kill: true });
        if (last is not null)
        {
            await KillAfterAsync(context, next, last);
        }
        else if (dying is not null)
        {
            // The process that asks is already condemned: what it asks for now comes after its last I/O.
            await dying.Task;
            context.Abort();
        }
        else
        {
            await next(context);
        }
    }

    private (TaskCompletionSource? Last, TaskCompletionSource? Dying) Judge(bool wanted)
    {
        lock (_lock)
        {
            if (_dying is { } dying)
            {
                return (null, dying);
            }

            var ordered = _left > 0 && --_left == 0;
            return ordered || wanted ? (_dying = new(TaskCreationOptions.RunContinuationsAsynchronously), null) : (null, null);
        }
    }

    private async Task KillAfterAsync(HttpContext context, RequestDelegate next, TaskCompletionSource dying)
    {
        try
        {
            await LostAnswer.OfAsync(context, next);
        }
        finally
        {
            logger.LogWarning("The function app is killed after {Method} {Path}", context.Request.Method, context.Request.Path);
            await EndAsync(dying);
            context.Abort();
        }
    }

    private async Task EndAsync(TaskCompletionSource dying)
    {
        try
        {
            await NowAsync();
        }
        finally
        {
            lock (_lock)
            {
                _dying = null;
            }

            dying.SetResult();
        }
    }
}
