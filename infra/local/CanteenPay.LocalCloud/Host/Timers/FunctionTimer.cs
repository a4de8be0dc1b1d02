using CanteenPay.LocalCloud.Host.Apps;
using CanteenPay.LocalCloud.Host.Handlers;
using CanteenPay.LocalCloud.Host.Invocations;

namespace CanteenPay.LocalCloud.Host.Timers;

/// <summary>
/// Runs one timer function at its schedule's times, never twice at once, and by hand on request.
/// Scaled time: the schedule is read on a clock that starts now and runs 1/scale times as fast.
/// </summary>
internal sealed class FunctionTimer(FunctionDefinition function, TimerTrigger trigger, double timeScale, TimerLog runs, Invoker invoker, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private TimerRun? _run;

    public string Name => function.Name;

    /// <summary>When it runs next, on the real clock.</summary>
    public DateTimeOffset? NextRun => _run is { } run ? _start + (run.Next - _start) * timeScale : null;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            var kept = trigger.Monitored ? runs.Read(Name) : null;
            var missed = kept is not null && kept.Next < ScheduleNow;
            _run = kept is null || missed ? new TimerRun(kept?.Last, After(ScheduleNow), ScheduleNow) : kept with { Next = After(ScheduleNow) };
            if (missed || trigger.RunOnStartup)
                await FireAsync(kept ?? _run, missed, stop);
            while (true)
            {
                await WaitForNextAsync(stop);
                var due = _run;
                _run = new TimerRun(due.Next, After(due.Next > ScheduleNow ? due.Next : ScheduleNow), due.Next);
                await FireAsync(due, pastDue: false, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (IOException e)
        {
            log.LogCritical(e, "The timer {Function} runs no more: its last run cannot be kept", Name);
        }
        catch (HandlerGoneException e)
        {
            log.LogError("The timer {Function} runs no more: {Reason}", Name, e.Message);
        }
    }

    /// <summary>Runs it now, after the run that is under way, if there is one. Null when it succeeded, else why it failed.</summary>
    /// <exception cref="HandlerGoneException">The host stopped.</exception>
    public Task<string?> FireAsync(CancellationToken cancellationToken) => FireAsync(_run ?? new TimerRun(null, After(ScheduleNow), ScheduleNow), pastDue: false, cancellationToken);

    public void Dispose() => _one.Dispose();

    private DateTimeOffset ScheduleNow => _start + (time.GetUtcNow() - _start) / timeScale;

    private async Task<string?> FireAsync(TimerRun run, bool pastDue, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var error = await invoker.InvokeAsync(sys => TimerInvocation.Body(function, trigger.Monitored ? run : null, pastDue, sys), cancellationToken);
            if (trigger.Monitored && _run is { } latest)
                runs.Write(Name, latest with { Last = ScheduleNow, LastUpdated = ScheduleNow });
            return error;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task WaitForNextAsync(CancellationToken stop)
    {
        while (NextRun is { } next && next - time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            // In steps, so that a machine that slept or whose clock was set wakes at the right time; rounded up, so that it is never early.
            var step = wait < LongestWait ? wait : LongestWait;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(step.TotalMilliseconds)), time, stop);
        }
    }

    private DateTimeOffset After(DateTimeOffset moment) => new(trigger.Schedule.GetNextOccurrence(moment.UtcDateTime), TimeSpan.Zero);
}
