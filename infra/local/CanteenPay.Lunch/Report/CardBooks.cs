namespace CanteenPay.Lunch.Report;

/// <summary>Everything that is known about cards after a lunch.</summary>
/// <param name="Taps">Every tap that a page or the ledger knows.</param>
/// <param name="Merchants">What adds up for each merchant, or does not.</param>
/// <param name="Balances">Each card on each of its merchant's machines.</param>
internal sealed record CardBooks(IReadOnlyList<BookedTap> Taps, IReadOnlyList<BookedMerchant> Merchants, IReadOnlyList<BookedBalance> Balances)
{
    /// <summary>A lunch without cards.</summary>
    public static CardBooks None { get; } = new([], [], []);
}

/// <summary>A tap, or the taking back of one, in both books that may know it: what the machine's page showed, and the ledger.</summary>
internal sealed record BookedTap
{
    public required string TapId { get; init; }

    /// <summary>Null: no page showed it as approved.</summary>
    public ShownTap? Shown { get; init; }

    /// <summary>Its lines in the ledger; none: the cloud does not know it.</summary>
    public IReadOnlyList<LedgerPart> Ledger { get; init; } = [];

    /// <summary>What it does to the account in the ledger, in fen.</summary>
    public long Change => Ledger.Sum(part => part.Change);
}

/// <summary>What a page showed of a tap.</summary>
/// <param name="Merchant">Whose machine.</param>
/// <param name="Machine">Which.</param>
/// <param name="Change">
/// What it did to the account, in fen: negative for a tap, positive for one that was taken back; null when only the line of the previous payment was seen of it.
/// </param>
internal sealed record ShownTap(string Merchant, string Machine, long? Change);

/// <summary>A line of the ledger.</summary>
/// <param name="Merchant">Whose ledger.</param>
/// <param name="Machine">Which machine's line.</param>
/// <param name="Seq">Its number in the machine's journal.</param>
/// <param name="Lot">Which lot of the account: a tap has one line for each that it spends.</param>
/// <param name="Change">What it does to the account, in fen.</param>
internal sealed record LedgerPart(string Merchant, string Machine, long Seq, string Lot, long Change);

/// <summary>What must add up for a merchant.</summary>
/// <param name="Merchant">Which.</param>
/// <param name="ToppedUpAsked">What the office topped up, in fen; null when one of its questions got no definite answer.</param>
/// <param name="ToppedUp">Top-ups in the ledger, in fen.</param>
/// <param name="Loop">The difference that the closed-loop check found, in fen; null: it found no end.</param>
/// <param name="IsClosed">It found every fen and every line.</param>
internal sealed record BookedMerchant(string Merchant, long? ToppedUpAsked, long ToppedUp, long? Loop, bool IsClosed);

/// <summary>What a card holds, in two places.</summary>
/// <param name="Merchant">Whose card.</param>
/// <param name="Card">Its number.</param>
/// <param name="Machine">Which machine was asked.</param>
/// <param name="Shown">What it showed, in fen; null when it showed nothing.</param>
/// <param name="Cloud">What the cloud has, in fen.</param>
internal sealed record BookedBalance(string Merchant, string Card, string Machine, long? Shown, long Cloud);
