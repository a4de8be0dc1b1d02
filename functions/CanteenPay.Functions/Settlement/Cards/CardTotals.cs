using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Cards;

/// <summary>
/// What a merchant's card money did on a posting day, and what the accounts hold: beside the statement and never in it, since none of it goes through a channel. Rules: the card
/// ledger's (<see cref="LedgerEntry.SignOf"/>). All amounts are fen.
/// </summary>
internal sealed record CardTotals
{
    public required MerchantId Merchant { get; init; }

    /// <summary>The posting day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Σ cash paid in at the counter, ≥ 0.</summary>
    public required Fen TopUps { get; init; }

    /// <summary>Σ granted by the employer, ≥ 0.</summary>
    public required Fen Subsidies { get; init; }

    /// <summary>Σ taps, ≥ 0.</summary>
    public required Fen Debits { get; init; }

    /// <summary>Σ taps taken back, ≥ 0.</summary>
    public required Fen Reversals { get; init; }

    /// <summary>Σ paid out to those who closed their accounts, ≥ 0.</summary>
    public required Fen Payouts { get; init; }

    /// <summary>Σ of subsidies that expired, ≥ 0.</summary>
    public required Fen Expiries { get; init; }

    /// <summary>Σ of what mends other lines, signed: top-ups and subsidies taken back, second reversals countered, expiries undone.</summary>
    public required Fen Corrections { get; init; }

    /// <summary>What the day changed: top-ups + subsidies − debits + reversals − payouts − expiries + corrections.</summary>
    public required Fen Change { get; init; }

    /// <summary>Taps with money; each of their lines counts.</summary>
    public required int DebitCount { get; init; }

    /// <summary>Meals without money.</summary>
    public required int MealCount { get; init; }

    /// <summary>What all accounts held when the night after the day checked them; null while it has not, or could not tell.</summary>
    public Fen? Balance { get; init; }

    /// <summary>Whether that check found every fen; null while it has not.</summary>
    public bool? IsLoopClosed { get; init; }
}
