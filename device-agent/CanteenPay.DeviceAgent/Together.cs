namespace CanteenPay.DeviceAgent;

/// <summary>Runs the loops of one part.</summary>
internal static class Together
{
    /// <summary>Completes when all have ended, and fails as soon as one does: <c>Task.WhenAll</c> would wait for the others, which never end.</summary>
    public static async Task RunAsync(params IEnumerable<Task> loops)
    {
        await foreach (var ended in Task.WhenEach(loops))
            await ended;
    }
}
