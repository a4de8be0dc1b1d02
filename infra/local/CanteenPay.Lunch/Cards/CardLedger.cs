using System.Globalization;
using CanteenPay.Lunch.Report;
using CanteenPay.Lunch.Stack;
using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Cards;

/// <summary>The cloud's books of cards, by the function app's endpoints.</summary>
internal sealed class CardLedger(HttpClient http, Uri functions, CanteenLayout layout, TimeProvider time)
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(1);

    /// <summary>Every booked line of every machine, by tap.</summary>
    /// <param name="days">The business days on which there were taps.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LunchException">There are more than an endpoint shows.</exception>
    public async Task<ILookup<string, LedgerPart>> LinesAsync(IReadOnlyList<DateOnly> days, CancellationToken cancellationToken)
    {
        List<(string Tap, LedgerPart Part)> lines = [];
        // A tap of a night's meal is posted to the day on which the meal began.
        var postingDays = days.SelectMany(day => new[] { day.AddDays(-1), day }).Distinct();
        foreach (var (machine, day) in layout.Machines.SelectMany(_ => postingDays, (machine, day) => (machine, day)))
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/api/cards/{machine.Merchant}/machines/{machine.Id}/days/{day:yyyy-MM-dd}");
            if (await http.GetAsync(new Uri(functions, path), LunchJson.Default.MachineDay, time, cancellationToken) is not { } found)
                continue;
            if (found.IsCut)
                throw new LunchException($"{path} shows only its first lines: hold shorter lunches.");
            // The endpoint does not number a tap's parts: it is by the lot that two lines of a tap are told apart.
            lines.AddRange(found.Lines.Select(line => (line.TapId, new LedgerPart(machine.Merchant, machine.Id, line.Seq, line.Lot, line.Change))));
        }

        return lines.ToLookup(line => line.Tap, line => line.Part, StringComparer.Ordinal);
    }

    /// <summary>What a card's account holds, in fen; null when there is no such card.</summary>
    public async Task<long?> BalanceAsync(string merchant, string card, CancellationToken cancellationToken)
    {
        var address = new Uri(functions, $"/api/cards/{merchant}/cards/find");
        return (await http.FindAsync(address, new() { ["cardNo"] = card }, LunchJson.Default.CardAccountPage, time, cancellationToken))?.Balance;
    }

    /// <summary>What the closed-loop check of a merchant comes to that was made after a moment; null when none was in time, or it found no end.</summary>
    public async Task<LoopView?> CheckAsync(string merchant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var path = string.Create(CultureInfo.InvariantCulture, $"/api/cards/{merchant}/checks/{BusinessDay.Of(since):yyyy-MM-dd}");
        while (time.GetElapsedTime(began) < CheckLimit)
        {
            var found = await http.GetAsync(new Uri(functions, path), LunchJson.Default.LoopView, time, cancellationToken);
            if (found is not null && found.At >= since)
                return found.IsSettled ? found : null;
            await Task.Delay(LookEach, time, cancellationToken);
        }

        return null;
    }
}

/// <summary>A machine's day as the function app shows it.</summary>
internal sealed record MachineDay(IReadOnlyList<MachineLine> Lines, bool IsCut);

/// <summary>A line of it; fen.</summary>
internal sealed record MachineLine(string TapId, long Seq, string Lot, long Change);

/// <summary>An account as the office sees it; fen.</summary>
internal sealed record CardAccountPage(string AccountId, long Balance);

/// <summary>A closed-loop check; fen.</summary>
internal sealed record LoopView(DateTimeOffset At, bool IsSettled, bool IsClosed, long Difference, IReadOnlyList<LoopKindView> Kinds);

/// <summary>What the lines of a kind come to.</summary>
internal sealed record LoopKindView(string Kind, long Amount);
