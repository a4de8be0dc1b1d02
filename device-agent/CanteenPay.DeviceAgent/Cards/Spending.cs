using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>What can be spent of an account on a day, and from which lots.</summary>
internal sealed class Spending
{
    private readonly IReadOnlyList<PurseLot> subsidies;
    private readonly PurseLot cashLot;

    private Spending(IReadOnlyList<PurseLot> valid, PurseLot cashLot, Fen subsidy, Fen cash) =>
        (subsidies, this.cashLot, Subsidy, Cash) = (valid, cashLot, subsidy, cash);

    /// <summary>What can be spent of the subsidies.</summary>
    public Fen Subsidy { get; }

    /// <summary>What can be spent of the cash.</summary>
    public Fen Cash { get; }

    /// <summary>Both.</summary>
    public Fen Total => Subsidy + Cash;

    /// <summary>
    /// Subsidies that are valid on the day, the soonest to end first, then cash. What any lot is below zero is owed: it is taken from the subsidies first, then from the
    /// cash, so that nobody spends what another machine has spent already.
    /// </summary>
    public static Spending Of(CardAccount account, DateOnly day)
    {
        var owed = Sum(account.Purses.Where(lot => lot.Balance < Fen.Zero));
        List<PurseLot> valid =
        [
            .. account.Purses
                .Where(lot => lot.Kind == Purse.Subsidy && lot.Balance > Fen.Zero && !(lot.ValidUntil < day))
                .OrderBy(lot => lot.ValidUntil ?? DateOnly.MaxValue)
                .ThenBy(lot => lot.Lot, StringComparer.Ordinal),
        ];
        var cash = account.Purses.FirstOrDefault(lot => lot.Kind == Purse.Cash) ?? new(PurseLot.Cash, Purse.Cash, Fen.Zero);
        var subsidyLeft = Sum(valid) + owed;
        var cashLeft = NotBelowZero(cash.Balance) + (subsidyLeft < Fen.Zero ? subsidyLeft : Fen.Zero);
        return new(valid, cash, NotBelowZero(subsidyLeft), NotBelowZero(cashLeft));
    }

    /// <summary>The parts of a debit; null when it is more than can be spent.</summary>
    /// <param name="amount">In fen; nothing makes one part of nothing.</param>
    /// <param name="spills">What the subsidy does not cover is taken from cash; otherwise one purse pays all.</param>
    public IReadOnlyList<TapPart>? Take(Fen amount, bool spills)
    {
        if (amount == Fen.Zero)
            return [new(cashLot.Kind, cashLot.Lot, Fen.Zero, cashLot.Balance)];
        if (amount > MostAtOnce(spills))
            return null;
        var subsidy = spills ? Less(amount, Subsidy) : amount > Subsidy ? Fen.Zero : amount;
        List<TapPart> parts = [];
        foreach (var lot in subsidies)
        {
            if (subsidy == Fen.Zero)
                break;
            var part = Less(subsidy, lot.Balance);
            parts.Add(new(lot.Kind, lot.Lot, part, lot.Balance - part));
            (subsidy, amount) = (subsidy - part, amount - part);
        }

        if (amount > Fen.Zero)
            parts.Add(new(cashLot.Kind, cashLot.Lot, amount, cashLot.Balance - amount));
        return parts;
    }

    /// <summary>The most that one tap can spend.</summary>
    public Fen MostAtOnce(bool spills) => spills ? Total : Subsidy > Cash ? Subsidy : Cash;

    private static Fen Sum(IEnumerable<PurseLot> lots) => lots.Aggregate(Fen.Zero, (sum, lot) => sum + lot.Balance);

    private static Fen NotBelowZero(Fen amount) => amount < Fen.Zero ? Fen.Zero : amount;

    private static Fen Less(Fen one, Fen other) => one < other ? one : other;
}
