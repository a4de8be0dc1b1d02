namespace CanteenPay.LocalCloud.Composition;

/// <summary>What must be ended, in the reverse of the order in which it was started.</summary>
internal sealed class Endings(ILogger logger) : IAsyncDisposable
{
    private readonly Stack<(string What, Func<ValueTask> End)> _endings = new();

    internal T Add<T>(string what, T part)
        where T : class
    {
        switch (part)
        {
            case IAsyncDisposable async:
                Add(what, async.DisposeAsync);
                break;
            case IDisposable disposable:
                Add(what, () =>
                {
                    disposable.Dispose();
                    return ValueTask.CompletedTask;
                });
                break;
            default:
                throw new ArgumentException($"{what} has nothing to end.", nameof(part));
        }

        return part;
    }

    internal void Add(string what, Func<ValueTask> end) => _endings.Push((what, end));

    /// <summary>One part that cannot be ended must not keep the others running.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_endings.TryPop(out var ending))
        {
            try
            {
                await ending.End();
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "{What} did not end properly", ending.What);
            }
        }
    }
}
