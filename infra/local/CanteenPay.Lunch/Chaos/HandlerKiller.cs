using System.Globalization;

namespace CanteenPay.Lunch.Chaos;

/// <summary>
/// Has the function app killed at random: by the clock, at one of the next I/Os. One I/O in so many would kill the more often the more there is to catch up
/// with, until nothing is done between two kills.
/// </summary>
internal sealed class HandlerKiller(HttpClient http, Uri status, Random dice, TimeProvider time)
{
    private const int MostIo = 40;
    private static readonly TimeSpan Mean = TimeSpan.FromSeconds(40);

    /// <summary>Kills until it is cancelled; what was ordered last still strikes.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        RandomMoments.EachAsync(dice, Mean, token => AfterAsync(dice.Next(1, MostIo + 1), token), time, cancellationToken);

    private async Task AfterAsync(int io, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(
            new Uri(status, string.Create(CultureInfo.InvariantCulture, $"/handlers/kill-after/{io}")), content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
