using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>退卡销户: an account closes, cash is paid out, what is left of subsidies expires. What machines spent too much of one purse is taken from the other.</summary>
internal static class ClosingRules
{
    /// <summary>
    /// The first step: no card of it pays any more, and with a stated amount withheld the rest is paid out. A closed account to which money came back is closed once more.
    /// </summary>
    public static Outcome Begin(CloseAccount close, CardAccount account, Moment moment)
    {
        if (account.State == AccountState.Closed && Due(account) is { Cash.Value: 0, Subsidies.Value: 0 })
            return new Refused(OperationRefusal.NothingLeft, $"Account {account.AccountId} is closed, and nothing of it is left to be paid out.");
        var booking = new Booking(account, moment);
        // Since when it closes: what was tapped before is in order, also when it has closed.
        booking.Change(closing => closing with
        {
            State = AccountState.Closing,
            StateSince = closing.State == AccountState.Active ? moment.Now : closing.StateSince,
        });
        if (close.Withhold is { } withheld)
            Pay(booking, Due(account).Cash - withheld);
        return booking.Done();
    }

    /// <summary>The last step, once every machine has said what it held: the rest of the cash is paid out, subsidies expire, the account and its cards are closed.</summary>
    public static Moved End(CardAccount account, Moment moment)
    {
        var booking = new Booking(account, moment);
        var due = Due(account);
        Pay(booking, due.Cash);
        var left = due.Subsidies;
        foreach (var lot in account.Purses.Where(lot => lot.Kind == Purse.Subsidy && lot.Balance > Fen.Zero))
        {
            var part = Lesser(lot.Balance, left);
            if (part > Fen.Zero)
                booking.Expire(lot, part);
            left -= part;
        }

        booking.Change(closed => closed with
        {
            State = AccountState.Closed,
            Cards = [.. closed.Cards.Select(card => card.State == CardState.Cancelled ? card : card with { State = CardState.Cancelled, Since = moment.Now })],
        });
        return booking.Done();
    }

    /// <summary>What is to be paid out of the cash, and what is to expire of subsidies: neither is negative, and together they are the balance if that is not.</summary>
    public static (Fen Cash, Fen Subsidies) Due(CardAccount account)
    {
        var cash = Sum(account, Purse.Cash);
        var subsidies = Sum(account, Purse.Subsidy);
        return (Greater(Fen.Zero, cash + Lesser(Fen.Zero, subsidies)), Greater(Fen.Zero, subsidies + Lesser(Fen.Zero, cash)));
    }

    private static void Pay(Booking booking, Fen amount)
    {
        if (amount > Fen.Zero)
            booking.Move(LedgerKind.Payout, PurseLot.Cash, Purse.Cash, amount);
    }

    private static Fen Sum(CardAccount account, Purse purse) =>
        account.Purses.Where(lot => lot.Kind == purse).Aggregate(Fen.Zero, (sum, lot) => sum + lot.Balance);

    private static Fen Lesser(Fen left, Fen right) => left < right ? left : right;

    private static Fen Greater(Fen left, Fen right) => left > right ? left : right;
}
