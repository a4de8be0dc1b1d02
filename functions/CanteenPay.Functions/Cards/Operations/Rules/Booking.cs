using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>An account while an operation writes its entries.</summary>
internal sealed class Booking(CardAccount account, Moment moment)
{
    private readonly List<LedgerEntry> _entries = [];
    private CardAccount _account = account;

    /// <summary>The account as it stands now.</summary>
    public CardAccount Account => _account;

    /// <summary>Moves money into or out of a lot, as the kind says.</summary>
    public void Move(LedgerKind kind, string lot, Purse purse, Fen amount)
    {
        var change = LedgerEntry.SignOf(kind) < 0 ? Fen.Zero - amount : amount;
        _account = AccountView.Change(_account, lot, purse, change);
        Note(kind, lot, purse, amount);
    }

    /// <summary>Takes a part of a tap back, also out of what limits count.</summary>
    public void TakeBack(CardEntry part)
    {
        _account = AccountView.Apply(_account, part with { Kind = EntryKind.Reversal, Reverses = part.TapId });
        Note(LedgerKind.Reversal, part.Lot, part.Purse, part.Amount);
    }

    /// <summary>Lets so much of a lot expire.</summary>
    public void Expire(PurseLot lot, Fen amount)
    {
        Move(LedgerKind.Expiry, lot.Lot, lot.Kind, amount);
        Change(lot.Lot, left => left with { Expired = (left.Expired ?? Fen.Zero) + amount, ExpiredAt = moment.Now });
    }

    /// <summary>Changes what is known of a lot, not its balance.</summary>
    public void Change(string lot, Func<PurseLot, PurseLot> change) =>
        _account = _account with { Purses = [.. _account.Purses.Select(known => known.Lot == lot ? change(known) : known)] };

    /// <summary>Changes what is known of the account, not its money.</summary>
    public void Change(Func<CardAccount, CardAccount> change) => _account = change(_account);

    /// <summary>What was done.</summary>
    public Moved Done() => new(_account, _entries);

    private void Note(LedgerKind kind, string lot, Purse purse, Fen amount) => _entries.Add(new()
    {
        AccountId = _account.AccountId,
        Kind = kind,
        Purse = purse,
        Lot = lot,
        Amount = amount,
        BalanceAfter = _account.Purses.First(known => known.Lot == lot).Balance,
        At = moment.Now,
        PostingDay = moment.PostingDay,
        Operation = moment.Key,
    });
}
