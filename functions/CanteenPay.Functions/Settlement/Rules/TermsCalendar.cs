using System.Globalization;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>A merchant's terms, looked up by the settlement date of a payment.</summary>
internal sealed class TermsCalendar
{
    /// <summary>The whole amount, in basis points: no rate is more.</summary>
    public const int Whole = 10_000;

    private const string Remedy = "Correct the merchant's rates, then settle the day again.";

    private readonly DatedTerms[] _terms;

    /// <param name="merchant">Whose, for what is said of wrong terms.</param>
    /// <param name="day">Of which day.</param>
    /// <param name="terms">In any order.</param>
    /// <exception cref="UnsettledException">There are none, two begin on one day, or some divide more than the whole.</exception>
    public TermsCalendar(MerchantId merchant, DateOnly day, IEnumerable<DatedTerms> terms)
    {
        _terms = [.. terms];
        if (_terms.Length == 0)
            throw new UnsettledException(merchant, day, "It has no rates.", "Enter the merchant's rate, then settle the day again.");
        Array.Sort(_terms, static (left, right) => left.ValidFrom.CompareTo(right.ValidFrom));
        for (var at = 0; at < _terms.Length; at++)
        {
            if (at > 0 && _terms[at].ValidFrom == _terms[at - 1].ValidFrom)
                throw Wrong(merchant, day, _terms[at], "are there twice");
            if (Fault(_terms[at].Terms) is { } fault)
                throw Wrong(merchant, day, _terms[at], fault);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _terms.Length;

    /// <summary>One of them, in the order of their first days.</summary>
    public DatedTerms this[int index] => _terms[index];

    /// <summary>Those of a day: the last that began by then; before the first, the first.</summary>
    public int IndexOn(DateOnly paidDay)
    {
        var (low, high) = (0, _terms.Length - 1);
        while (low < high)
        {
            var middle = low + (high - low + 1) / 2;
            if (_terms[middle].ValidFrom <= paidDay)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private static string? Fault(FeeTerms terms)
    {
        if (terms.RateBasisPoints is < 0 or > Whole)
            return string.Create(CultureInfo.InvariantCulture, $"have a rate of {terms.RateBasisPoints} basis points, and a rate is 0 to {Whole}");
        if (terms.BankCostBasisPoints is < 0 or > Whole)
            return string.Create(CultureInfo.InvariantCulture, $"have a bank's part of {terms.BankCostBasisPoints} basis points, and it is 0 to {Whole}");
        long divided = terms.BankCostBasisPoints;
        for (var at = 0; at < terms.Shares.Count; at++)
        {
            var (distributor, basisPoints) = terms.Shares[at];
            if (basisPoints is < 0 or > Whole)
                return string.Create(CultureInfo.InvariantCulture, $"have a share of {basisPoints} basis points for {distributor}, and it is 0 to {Whole}");
            for (var other = 0; other < at; other++)
            {
                if (terms.Shares[other].Distributor == distributor)
                    return "name a distributor twice";
            }

            divided += basisPoints;
        }

        return divided > terms.RateBasisPoints
            ? string.Create(CultureInfo.InvariantCulture, $"give bank and distributors more than their rate of {terms.RateBasisPoints} basis points")
            : null;
    }

    private static UnsettledException Wrong(MerchantId merchant, DateOnly day, DatedTerms terms, string fault) =>
        new(merchant, day, string.Create(CultureInfo.InvariantCulture, $"The terms from {terms.ValidFrom:yyyy-MM-dd} on {fault}."), Remedy);
}
