using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>
/// Reckons a merchant's day from its postings as they are read, in the order of their keys, and keeps none of them: a day of a million orders takes the memory of one of
/// ten. <see cref="StatementRules"/> does it for those that are at hand.
/// </summary>
internal sealed class StatementSums : IDisposable
{
    private readonly MerchantId _merchant;
    private readonly DateOnly _day;
    private readonly TermsCalendar _terms;
    private readonly FeeSums _sums;
    private readonly PostingDigest _digest = new();
    private Posting? _last;
    private int _adjustments;

    /// <param name="merchant">Whose day.</param>
    /// <param name="day">The settlement date.</param>
    /// <param name="terms">The merchant's terms, all of them, in any order.</param>
    /// <exception cref="UnsettledException">There are no terms, or some divide more than the whole.</exception>
    public StatementSums(MerchantId merchant, DateOnly day, IReadOnlyList<DatedTerms> terms)
    {
        (_merchant, _day, _terms) = (merchant, day, new(merchant, day, terms));
        _sums = new(_terms);
    }

    /// <summary>Counts the next posting; one that was the last already is left out.</summary>
    /// <exception cref="UnsettledException">It comes out of order, contradicts itself or its day, another one has its key, or the sums are more than an amount can be.</exception>
    public void Add(Posting posting)
    {
        var order = _last is null ? 1 : string.CompareOrdinal(posting.Key, _last.Key);
        if (order == 0 && posting with { IsBelated = _last!.IsBelated } == _last)
            return;
        if (order <= 0)
            throw Wrong(posting, order == 0 ? "is there twice with different contents" : $"comes after {_last!.Key}, and they are read in the order of their keys");
        if (PostingChecks.Fault(posting, _day) is { } fault)
            throw Wrong(posting, fault);
        try
        {
            if (posting.Before is { } before)
                _sums.Return(posting.Amount, before, posting.RateBasisPoints, posting.BankCostBasisPoints, posting.PaidDay);
            else
                _sums.Pay(posting.Amount, posting.RateBasisPoints, posting.BankCostBasisPoints, posting.PaidDay);
        }
        catch (OverflowException e)
        {
            throw TooMuch(e);
        }

        if (PostingKeys.IsAdjustment(posting.Key))
            _adjustments++;
        _digest.Add(posting);
        _last = posting;
    }

    /// <summary>The statement of what was counted.</summary>
    /// <param name="carriedIn">What the statement before carried out, at most nothing.</param>
    /// <exception cref="UnsettledException">More than nothing was carried, or the sums are more than an amount can be.</exception>
    public Statement ToStatement(Fen carriedIn)
    {
        if (carriedIn > Fen.Zero)
            throw new UnsettledException(_merchant, _day, $"The day before carries {carriedIn.Value} fen, and only what a merchant owes is carried.", "Look into the statement before.");
        try
        {
            return Reckoning.Of(_merchant, _day, _terms, _sums, _adjustments, _digest.Current(), carriedIn);
        }
        catch (OverflowException e)
        {
            throw TooMuch(e);
        }
    }

    public void Dispose() => _digest.Dispose();

    private UnsettledException Wrong(Posting posting, string fault) => new(
        _merchant, _day, $"The posting {posting.Key} {fault}.", $"Compare it with the order {posting.Order} and the channel's bill, then settle the day again.");

    private UnsettledException TooMuch(OverflowException e) =>
        new(_merchant, _day, "Its sums are more than an amount can be.", "Look for a posting of an impossible amount.", e);
}
