using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>What a merchant's day comes to; the rules are listed in <c>README.md</c> beside this file, each with its source.</summary>
internal static class StatementRules
{
    /// <summary>The statement of a day: the same whatever the order of the postings, and however often each is there.</summary>
    /// <param name="merchant">Whose day.</param>
    /// <param name="day">The settlement date.</param>
    /// <param name="postings">Its postings.</param>
    /// <param name="terms">The merchant's terms, all of them.</param>
    /// <param name="carriedIn">What the statement before carried out, at most nothing.</param>
    /// <exception cref="UnsettledException">Something does not hold: see <see cref="StatementSums"/>.</exception>
    public static Statement Of(MerchantId merchant, DateOnly day, IEnumerable<Posting> postings, IReadOnlyList<DatedTerms> terms, Fen carriedIn)
    {
        using var sums = new StatementSums(merchant, day, terms);
        foreach (var posting in postings.OrderBy(posting => posting.Key, StringComparer.Ordinal))
            sums.Add(posting);
        return sums.ToStatement(carriedIn);
    }
}
