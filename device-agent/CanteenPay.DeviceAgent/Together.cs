namespace CanteenPay.DeviceAgent;

/// <summary>Runs the loops of one part.</summary>
internal static class Together
{
    /// <summary>
    /// Completes when all have ended, and fails as soon as one does: <c>Task.WhenAll</c> would wait for the others, which never end. (<c>Task.WhenEach</c> leaves
    /// the thread of a simulation.)
    /// </summary>
    public static async Task RunAsync(params IEnumerable<Task> loops)
    {
        List<Task> running = [.. loops];
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            await ended;
        }
    }
}
