using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>Money that comes in at the office, and subsidies that end.</summary>
internal static class MoneyRules
{
    /// <summary>充值.</summary>
    public static Outcome TopUp(TopUp topUp, CardAccount account, Moment moment)
    {
        if (OperationRules.RefusedUnlessActive(account) is { } refused)
            return refused;
        var booking = new Booking(account, moment);
        booking.Move(LedgerKind.TopUp, PurseLot.Cash, Purse.Cash, topUp.Amount);
        return booking.Done();
    }

    /// <summary>补贴: a lot of its own, named by the operation's key.</summary>
    public static Outcome Grant(GrantSubsidy grant, CardAccount account, Moment moment)
    {
        if (OperationRules.RefusedUnlessActive(account) is { } refused)
            return refused;
        if (grant.ValidUntil < moment.PostingDay)
            return new Refused(OperationRefusal.ValidUntilPast, $"A subsidy that is valid until {grant.ValidUntil:yyyy-MM-dd} could never be spent: today is {moment.PostingDay:yyyy-MM-dd}.");
        if (RoomRules.ForLot(account, moment) is not { } roomy)
        {
            return new Refused(
                OperationRefusal.TooManyLots,
                $"Account {account.AccountId} has {RoomRules.MaxLots} lots of money that are not used up; let old subsidies expire first.");
        }

        var booking = new Booking(roomy, moment);
        booking.Move(LedgerKind.Subsidy, moment.Key, Purse.Subsidy, grant.Amount);
        booking.Change(moment.Key, lot => lot with { ValidUntil = grant.ValidUntil });
        return booking.Done();
    }

    /// <summary>补贴清零. A lot that was refilled by a reversal after it expired may expire again.</summary>
    public static Outcome Expire(ExpireLot expire, CardAccount account, Moment moment)
    {
        if (account.Purses.FirstOrDefault(lot => lot.Lot == expire.Lot && lot.Kind == Purse.Subsidy) is not { } lot)
            return new Refused(OperationRefusal.LotUnknown, $"Account {account.AccountId} has no subsidy '{expire.Lot}'; cash does not expire.");
        if (lot.Balance <= Fen.Zero)
            return new Refused(OperationRefusal.NothingLeft, $"Nothing is left of subsidy '{expire.Lot}' of account {account.AccountId}: {lot.Balance} yuan.");
        var booking = new Booking(account, moment);
        booking.Expire(lot, lot.Balance);
        return booking.Done();
    }
}
