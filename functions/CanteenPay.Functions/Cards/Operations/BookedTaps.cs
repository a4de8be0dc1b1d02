using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Finds taps among what is booked.</summary>
internal sealed class BookedTaps(CardStore cards, LedgerStore ledger)
{
    /// <summary>All parts of a tap, in their order; empty when it is not there, or not booked yet.</summary>
    public async Task<IReadOnlyList<CardEntry>> FindAsync(MerchantId merchant, ReverseTap tap, CancellationToken cancellationToken)
    {
        if (await EntryAsync(merchant, tap, tap.Seq, cancellationToken) is not { } named)
            return [];
        if (await cards.CursorAsync(merchant, tap.Device, tap.Epoch, cancellationToken) is not { } cursor)
            return [];
        List<CardEntry> parts = [];
        var seq = named.Seq - named.Part;
        for (; await EntryAsync(merchant, tap, seq, cancellationToken) is { } part && part.TapId == named.TapId; seq++)
            parts.Add(part);
        // The parts of a tap lie side by side, but a batch may end between them: half a tap is not taken back.
        var isWhole = seq <= cursor.Through || (seq == cursor.Through + 1 && cursor.LastSeq <= cursor.Through);
        return isWhole ? parts : [];
    }

    private async Task<CardEntry?> EntryAsync(MerchantId merchant, ReverseTap tap, long seq, CancellationToken cancellationToken) => seq < 1
        ? null
        : (await ledger.FindAsync(merchant, tap.PostingDay, CardKeys.Entry(tap.Device, tap.Epoch, seq), cancellationToken))?.Entry.Tapped;
}
