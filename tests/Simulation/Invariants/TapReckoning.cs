using CanteenPay.Protocol;

namespace CanteenPay.Simulation.Invariants;

/// <summary>The end of a card story, tap by tap: what machines showed as approved against what the ledger holds.</summary>
/// <param name="books">The books of all merchants.</param>
/// <param name="taps">What machines showed.</param>
/// <param name="verdict">Keeps what is found.</param>
internal sealed class TapReckoning(IReadOnlyList<CardBooks> books, TapBook taps, Verdict verdict)
{
    public const string Once = "2: an approved tap is in the ledger once";

    /// <summary>Looks at every tap.</summary>
    public void Check()
    {
        var booked = books.SelectMany(book => book.Tapped.Select(row => (book.Merchant, row))).ToLookup(row => row.row.Entry.Tapped!.TapId);
        foreach (var approved in taps.All)
        {
            var tap = approved.Tap;
            var rows = booked[tap.Id].ToList();
            if (rows.Count == 0)
            {
                if (!approved.IsLost)
                    verdict.Fail(Once, $"{tap.Kind} {tap.Id} of {tap.Amount}, approved at {approved.At:HH:mm:ss} at {approved.Merchant}, is not in the ledger");
                continue;
            }

            var amount = rows.Sum(row => row.row.Entry.Amount.Value);
            if (amount != tap.Amount.Value || rows.Count != tap.Parts.Count || rows.Any(row => row.Merchant != approved.Merchant))
                verdict.Fail(Once, $"{tap.Kind} {tap.Id} of {tap.Amount} in {tap.Parts.Count} parts: the ledger has {new Fen(amount)} in {string.Join(", ", rows.Select(row => row.row.RowKey))}");
        }
    }
}
