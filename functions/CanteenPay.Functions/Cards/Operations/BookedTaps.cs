using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Finds taps among what is booked.</summary>
internal sealed class BookedTaps(CardStore cards, LedgerStore ledger)
{
    /// <summary>A tap of which the ledger has a row; null when it has none.</summary>
    public async Task<BookedTap?> FindAsync(MerchantId merchant, ReverseTap tap, CancellationToken cancellationToken)
    {
        if (await EntryAsync(merchant, tap, tap.Seq, cancellationToken) is not { } named)
            return null;
        if (await cards.CursorAsync(merchant, tap.Device, tap.Epoch, cancellationToken) is not { } cursor)
            return null;
        List<CardEntry> parts = [];
        var seq = named.Seq - named.Part;
        for (; await EntryAsync(merchant, tap, seq, cancellationToken) is { } part && part.TapId == named.TapId; seq++)
            parts.Add(part);
        // The parts of a tap lie side by side, but a batch may end between them. Of a journal of which nothing more comes the last one is as whole as it will be:
        // what its machine still held is in another journal, as taps of their own.
        var nothingFollows = cursor.LastSeq <= cursor.Through || cursor.Restart || cursor.Ended;
        return new(parts, IsWhole: seq <= cursor.Through || (seq == cursor.Through + 1 && nothingFollows));
    }

    private async Task<CardEntry?> EntryAsync(MerchantId merchant, ReverseTap tap, long seq, CancellationToken cancellationToken) => seq < 1
        ? null
        : (await ledger.FindAsync(merchant, tap.PostingDay, CardKeys.Entry(tap.Device, tap.Epoch, seq), cancellationToken))?.Entry.Tapped;
}

/// <summary>A tap as the ledger has it.</summary>
/// <param name="Parts">Its parts, in their order.</param>
/// <param name="IsWhole">All of them are booked; once it is so it stays so. Half a tap is not taken back.</param>
internal sealed record BookedTap(IReadOnlyList<CardEntry> Parts, bool IsWhole);
