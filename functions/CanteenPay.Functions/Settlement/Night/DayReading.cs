using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>Reckons a merchant's day from what is posted by now, in the memory of a page.</summary>
internal sealed class DayReading(PostingStore postings, MerchantRates rates)
{
    /// <summary>
    /// Most belated postings that a closed day names. So many come only when something else is wrong. A day with more cannot be settled, so that it is found out before finance closes it.
    /// </summary>
    internal const int MostBelated = 5_000;

    /// <summary>A merchant without dated terms pays the common rate, of which nobody has a share.</summary>
    private static readonly DatedTerms CommonTerms = new(DateOnly.MinValue, new(ChannelFee.DefaultRateBasisPoints, 0, []));

    /// <summary>The day by what is posted.</summary>
    /// <exception cref="UnsettledException">It cannot be reckoned.</exception>
    public async Task<DayRead> ReadAsync(MerchantId merchant, DateOnly day, Fen carriedIn, CancellationToken cancellationToken)
    {
        var terms = await rates.ListAsync(merchant, cancellationToken).Select(row => new DatedTerms(row.ValidFrom, row.Terms)).ToListAsync(cancellationToken);
        using var sums = new StatementSums(merchant, day, terms.Count > 0 ? terms : [CommonTerms]);
        var belated = new List<string>();
        await foreach (var posting in postings.ReadAsync(merchant, day, cancellationToken))
        {
            sums.Add(posting);
            if (!posting.IsBelated)
                continue;
            if (belated.Count == MostBelated)
                throw new UnsettledException(merchant, day, $"More than {MostBelated} postings came after its night began.", "Find out why they were so late before the day is closed.");
            belated.Add(posting.Key);
        }

        return new(sums.ToStatement(carriedIn), belated);
    }
}

/// <summary>A merchant's day as it was read.</summary>
/// <param name="Statement">What it comes to.</param>
/// <param name="BelatedKeys">The keys of the belated postings in it.</param>
internal sealed record DayRead(Statement Statement, IReadOnlyList<string> BelatedKeys)
{
    /// <summary>Whether there is anything to say.</summary>
    public bool IsAnything => Statement.PaymentCount + Statement.RefundCount > 0 || Statement.CarriedIn != Fen.Zero;
}
