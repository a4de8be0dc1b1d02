using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Simulation.Invariants;

/// <summary>What an account counts as spent, by which limits are kept, is what its entries of that day come to.</summary>
/// <param name="books">The books.</param>
/// <param name="lastCounted">The last business day that the cloud counts from the story's beginning on: a machine whose clock is further ahead takes no limits away.</param>
/// <param name="verdict">Keeps what is found.</param>
internal sealed class CounterCheck(CardBooks books, DateOnly lastCounted, Verdict verdict)
{
    public const string Counters = "an account's counters are the sum of its entries of the day";

    private ILookup<AccountId, CardEntry>? takenBack;

    /// <summary>What the office has taken back: each is the part of a tap.</summary>
    private ILookup<AccountId, CardEntry> TakenBack => takenBack ??= FindTakenBack().ToLookup(entry => entry.AccountId);

    /// <summary>Looks at an account.</summary>
    public void Check(CardAccount account)
    {
        List<CardEntry> entries =
        [
            .. books.Tapped.Where(row => row.Entry.AccountId == account.AccountId && !row.Entry.Flags.HasFlag(EntryFlags.SecondReversal)).Select(row => row.Entry.Tapped!),
        ];
        // Whether such days were counted depends on when they were booked.
        if (entries.Exists(entry => entry.PostingDay > lastCounted))
            return;
        var newest = entries.Max(entry => (DateOnly?)entry.PostingDay);
        if (account.Counters?.Day != newest)
            verdict.Fail(Counters, $"{account.AccountId} counts {account.Counters?.Day.ToString("O") ?? "no day"}; its newest entries are of {newest?.ToString("O") ?? "none"}");
        if (account.Counters is not { } counters)
            return;
        entries.AddRange(TakenBack[account.AccountId]);
        foreach (var meal in Enum.GetValues<Meal>())
        {
            var counted = entries.Where(entry => entry.PostingDay == counters.Day && entry.MealPeriod == meal)
                .Aggregate(default(Spent), (spent, entry) => new(spent.Amount - entry.Change, spent.Taps + entry.Taps));
            if (counters.At(meal) != counted)
                verdict.Fail(Counters, $"{account.AccountId} counts {counters.At(meal)} at {meal} of {counters.Day:O}; its entries come to {counted}");
        }
    }

    private IEnumerable<CardEntry> FindTakenBack()
    {
        foreach (var row in books.Moved.Where(row => row.Entries.Any(entry => entry.Kind == LedgerKind.Reversal)))
        {
            if (books.Operations.FirstOrDefault(asked => asked.Key == row.Key)?.Operation is not ReverseTap reversed)
                continue;
            var tap = books.Tapped.First(booked => booked.RowKey == CardKeys.Entry(reversed.Device, reversed.Epoch, reversed.Seq)).Entry.Tapped!.TapId;
            foreach (var part in books.Tapped.Where(booked => booked.Entry.Tapped!.TapId == tap))
                yield return part.Entry.Tapped! with { Kind = EntryKind.Reversal };
        }
    }
}
