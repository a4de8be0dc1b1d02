namespace CanteenPay.Functions.Operations;

/// <summary>Does things that have nothing to do with each other: one that fails, each time perhaps, must not keep the guardian, or the night, from the others.</summary>
internal sealed class OneByOne
{
    private readonly List<Exception> _failures = [];

    /// <summary>Does one of them. What it throws is kept for the end, except that somebody gave up.</summary>
    public async Task TryAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _failures.Add(e);
        }
    }

    /// <summary>All were tried.</summary>
    /// <param name="what">What could not be done, after the number of those that failed.</param>
    /// <exception cref="AggregateException">Some failed.</exception>
    public void End(string what)
    {
        if (_failures.Count > 0)
            throw new AggregateException($"{_failures.Count} {what}.", _failures);
    }
}
