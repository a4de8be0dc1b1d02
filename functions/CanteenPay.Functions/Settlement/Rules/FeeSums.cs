using System.Runtime.CompilerServices;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>
/// The money of a day as it adds up, event by event, under each of a merchant's terms. It knows neither keys nor postings, takes a few nanoseconds an event and no
/// memory, so that a merchant's day may be of any size. What it is given was checked, except for sums that no amount can hold.
/// </summary>
internal sealed class FeeSums(TermsCalendar terms)
{
    private readonly (long Payments, long Refunds)[] _lines = new (long, long)[terms.Count];
    private DateOnly _paidDay = DateOnly.MinValue;
    private int _index = terms.IndexOn(DateOnly.MinValue);
    private (long Payments, long Refunds) _line;
    private long _fee;
    private long _feeReturned;
    private long _bank;
    private long _bankReturned;

    /// <summary>Payments so far.</summary>
    public int PaymentCount { get; private set; }

    /// <summary>Refunds so far.</summary>
    public int RefundCount { get; private set; }

    /// <summary>Σ fees of payments, each by <see cref="ChannelFee.Of"/>.</summary>
    public Fen Fee => new(_fee);

    /// <summary>Σ fees that came back, each by <see cref="ChannelFee.Returned"/>.</summary>
    public Fen FeeReturned => new(_feeReturned);

    /// <summary>Σ bank's parts of payments, each by <see cref="ChannelFee.Of"/>.</summary>
    public Fen Bank => new(_bank);

    /// <summary>Σ bank's parts that came back, each by <see cref="ChannelFee.Returned"/>.</summary>
    public Fen BankReturned => new(_bankReturned);

    /// <summary>Σ payments and Σ refunds of orders that were paid under one of the terms.</summary>
    public (Fen Payments, Fen Refunds) Under(int index)
    {
        var (payments, refunds) = index == _index ? _line : _lines[index];
        return (new(payments), new(refunds));
    }

    /// <summary>A payment.</summary>
    /// <param name="amount">At least 1 fen.</param>
    /// <param name="rateBasisPoints">Its rate, 0 to <see cref="TermsCalendar.Whole"/>.</param>
    /// <param name="bankBasisPoints">The bank's part of the rate.</param>
    /// <param name="paidDay">Its settlement date.</param>
    /// <exception cref="OverflowException">The sums are more than an amount can be.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pay(Fen amount, int rateBasisPoints, int bankBasisPoints, DateOnly paidDay)
    {
        if (paidDay == _paidDay && ChannelFee.IsUsual(amount, rateBasisPoints) && ChannelFee.IsUsual(amount, bankBasisPoints))
            Pay(amount, ChannelFee.OfUsual(amount, rateBasisPoints), ChannelFee.OfUsual(amount, bankBasisPoints));
        else
            PayUnusual(amount, rateBasisPoints, bankBasisPoints, paidDay);
    }

    /// <summary>A refund.</summary>
    /// <param name="amount">At least 1 fen, at most what was left of the payment.</param>
    /// <param name="before">How the order stood.</param>
    /// <param name="rateBasisPoints">The rate at which it was paid.</param>
    /// <param name="bankBasisPoints">The bank's part of the rate.</param>
    /// <param name="paidDay">The settlement date of the payment.</param>
    /// <exception cref="OverflowException">The sums are more than an amount can be.</exception>
    public void Return(Fen amount, RefundedBefore before, int rateBasisPoints, int bankBasisPoints, DateOnly paidDay)
    {
        if (paidDay != _paidDay)
            Turn(paidDay);
        var (fee, bank) = (ChannelFee.Of(before.Settled, rateBasisPoints), ChannelFee.Of(before.Settled, bankBasisPoints));
        checked
        {
            _line.Refunds += amount.Value;
            _feeReturned += ChannelFee.Returned(amount, before.Settled, before.Refunded, fee, before.FeeReturned).Value;
            _bankReturned += ChannelFee.Returned(amount, before.Settled, before.Refunded, bank, before.BankReturned).Value;
            RefundCount++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pay(Fen amount, Fen fee, Fen bank)
    {
        checked
        {
            _line.Payments += amount.Value;
            _fee += fee.Value;
            _bank += bank.Value;
            PaymentCount++;
        }
    }

    /// <summary>On its own: within the loop of all payments it would take the registers of the usual ones.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PayUnusual(Fen amount, int rateBasisPoints, int bankBasisPoints, DateOnly paidDay)
    {
        if (paidDay != _paidDay)
            Turn(paidDay);
        Pay(amount, ChannelFee.Of(amount, rateBasisPoints), ChannelFee.Of(amount, bankBasisPoints));
    }

    /// <summary>Events come by days, mostly, so the terms are looked up when the day changes.</summary>
    private void Turn(DateOnly paidDay)
    {
        _lines[_index] = _line;
        (_paidDay, _index) = (paidDay, terms.IndexOn(paidDay));
        _line = _lines[_index];
    }
}
