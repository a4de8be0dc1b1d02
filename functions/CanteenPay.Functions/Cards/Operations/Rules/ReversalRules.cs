using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>冲正: nothing in the ledger is changed; what was wrong is taken back by further entries, once.</summary>
internal static class ReversalRules
{
    /// <summary>Takes a tap back, all its parts, also of an account that is closed: what comes back there is paid out by closing it once more.</summary>
    public static Outcome TakeBackTap(CardAccount account, Facts facts, Moment moment)
    {
        if (facts.Tap is not [var first, ..] tap || first.AccountId != account.AccountId)
            return new Refused(OperationRefusal.NotReversible, $"There is no such tap of account {account.AccountId} among what is booked.");
        if (first.Kind == EntryKind.Reversal)
            return new Refused(OperationRefusal.NotReversible, $"That is itself the reversal of a tap, {first.Reverses}.");
        if (facts.ReversedBefore)
            return new Refused(OperationRefusal.AlreadyReversed, $"Tap {first.TapId} was taken back before.");
        var booking = new Booking(account, moment);
        foreach (var part in tap)
            booking.TakeBack(part);
        return booking.Done();
    }

    /// <summary>Takes a top-up or a subsidy back, if all of it is still there.</summary>
    public static Outcome TakeBackOperation(CardAccount account, Facts facts, Moment moment)
    {
        if (facts.Operation is not [{ Kind: LedgerKind.TopUp or LedgerKind.Subsidy } moved])
            return new Refused(OperationRefusal.NotReversible, $"That is no top-up and no subsidy of account {account.AccountId}.");
        if (facts.ReversedBefore)
            return new Refused(OperationRefusal.AlreadyReversed, "It was taken back before.");
        var left = account.Purses.FirstOrDefault(lot => lot.Lot == moved.Lot)?.Balance ?? Fen.Zero;
        // Cash that subsidies were overdrawn by is not there to be given back either.
        left = moved.Purse == Purse.Cash && left > account.Balance ? account.Balance : left;
        if (left < moved.Amount)
            return new Refused(OperationRefusal.AlreadySpent, $"Of {moved.Amount} yuan only {left} are left in account {account.AccountId}.");
        var booking = new Booking(account, moment);
        booking.Move(moved.Kind == LedgerKind.TopUp ? LedgerKind.TopUpReversal : LedgerKind.SubsidyReversal, moved.Lot, moved.Purse, moved.Amount);
        return booking.Done();
    }
}
