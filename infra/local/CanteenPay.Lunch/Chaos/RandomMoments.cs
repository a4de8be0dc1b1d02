namespace CanteenPay.Lunch.Chaos;

/// <summary>Moments that nothing announces: as likely now as at any other time.</summary>
internal static class RandomMoments
{
    /// <summary>Acts at random moments until it is cancelled.</summary>
    /// <param name="dice">The dice.</param>
    /// <param name="mean">How long it is on average from one moment to the next.</param>
    /// <param name="act">What is done.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The end.</param>
    public static async Task EachAsync(Random dice, TimeSpan mean, Func<CancellationToken, Task> act, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(-Math.Log(1 - dice.NextDouble()) * mean, time, cancellationToken);
            await act(cancellationToken);
        }
    }
}
