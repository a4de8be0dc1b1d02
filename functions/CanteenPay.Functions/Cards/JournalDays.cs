using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>On which posting day each entry of a journal lies: from which number on, which day, for the newest changes of the day.</summary>
/// <param name="Runs">By number.</param>
internal sealed record JournalDays(IReadOnlyList<(long From, DateOnly Day)> Runs)
{
    /// <summary>Far more days than a machine keeps entries, few enough for a column.</summary>
    private const int MostRuns = 120;

    /// <summary>Nothing is booked.</summary>
    public static readonly JournalDays None = new([]);

    /// <summary>As a column; null when there is nothing to say.</summary>
    public string? Text => Runs.Count == 0
        ? null
        : string.Join(',', Runs.Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.From}:{run.Day.DayNumber}")));

    /// <summary>Reads the column.</summary>
    public static JournalDays Parse(string? text) => text is null ? None : new(
    [
        .. text.Split(',').Select(run => run.Split(':')).Select(run =>
            (long.Parse(run[0], CultureInfo.InvariantCulture), DateOnly.FromDayNumber(int.Parse(run[1], CultureInfo.InvariantCulture)))),
    ]);

    /// <summary>The posting day of a booked entry; null when that was too many changes ago.</summary>
    public DateOnly? Of(long seq) => Runs.LastOrDefault(run => run.From <= seq) is { From: > 0 } run ? run.Day : null;

    /// <summary>With the entries that are booked next.</summary>
    public JournalDays And(IEnumerable<CardEntry> entries)
    {
        var runs = Runs.ToList();
        foreach (var entry in entries)
        {
            if (runs.Count == 0 || runs[^1].Day != entry.PostingDay)
                runs.Add((entry.Seq, entry.PostingDay));
        }

        return runs.Count == Runs.Count ? this : new([.. runs.TakeLast(MostRuns)]);
    }
}
