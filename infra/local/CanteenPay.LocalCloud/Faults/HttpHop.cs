namespace CanteenPay.LocalCloud.Faults;

/// <summary>Refuses, doubles and delays requests, and loses their answers.</summary>
/// <param name="hop">Settings and dice.</param>
/// <param name="refusal">Which of its faults means "refused".</param>
/// <param name="refuse">Answers that nothing was done, in the peer's own words.</param>
/// <param name="lose">Ends a request that was done as if it had failed.</param>
/// <param name="time">The clock of delays.</param>
internal sealed class HttpHop(Hop hop, FaultKind refusal, Func<HttpContext, Task> refuse, Func<HttpContext, Task> lose, TimeProvider time)
{
    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (hop.Next() is not { } verdict)
        {
            await next(context);
            return;
        }

        try
        {
            await InvokeAsync(context, next, verdict);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left; nobody waits for an answer.
        }
    }

    private async Task InvokeAsync(HttpContext context, RequestDelegate next, Verdict verdict)
    {
        if (verdict.Delay > TimeSpan.Zero)
        {
            hop.Count(FaultKind.Delay);
            await hop.WaitAsync(verdict.Delay, time, context.RequestAborted);
        }

        if (verdict.Nothing)
        {
            hop.Count(refusal);
            await refuse(context);
            return;
        }

        if (verdict.Twice)
        {
            context.Request.EnableBuffering();
            await LostAnswer.OfAsync(context, next);
            context.Request.Body.Position = 0;
            hop.Count(FaultKind.Double);
        }

        if (verdict.LostAnswer)
        {
            await LostAnswer.OfAsync(context, next);
            hop.Count(FaultKind.LostAnswer);
            await lose(context);
            return;
        }

        await next(context);
    }
}
