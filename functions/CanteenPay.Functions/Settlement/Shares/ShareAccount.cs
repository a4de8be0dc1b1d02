using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>Reads distributors' accounts. An account is what its entries add up to; no balance is stored, so none can be wrong.</summary>
internal sealed class ShareAccount(ShareStore shares)
{
    /// <summary>The order of an account: by the time of posting, then by key.</summary>
    private static readonly Comparer<ShareRow> ByPosting = Comparer<ShareRow>.Create((left, right) =>
        left.PostedAt.CompareTo(right.PostedAt) is var order and not 0 ? order : string.CompareOrdinal(left.Key, right.Key));

    /// <summary>
    /// A month of an account: what was owed when it began, its entries in the order of their posting with the balance after each, and what is owed when it ends. One
    /// pass over the account's entries up to then; what is kept of them is a page.
    /// </summary>
    /// <param name="distributor">Whose account.</param>
    /// <param name="month">Which month.</param>
    /// <param name="after">The entry behind which the page begins; null for the first page.</param>
    /// <param name="most">Entries on the page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AccountMonth> MonthAsync(DistributorId distributor, ShareMonth month, ShareRow? after, int most, CancellationToken cancellationToken)
    {
        var (opening, before, closing) = (Fen.Zero, Fen.Zero, Fen.Zero);
        var sums = new SortedDictionary<ShareKind, Fen>();
        // The last of those kept is the first to go.
        var page = new PriorityQueue<ShareRow, ShareRow>(Comparer<ShareRow>.Create((left, right) => ByPosting.Compare(right, left)));
        await foreach (var entry in shares.UpToAsync(distributor, month, cancellationToken))
        {
            closing += entry.Amount;
            if (!entry.IsIn(month))
            {
                opening += entry.Amount;
                continue;
            }

            sums[entry.Kind] = sums.GetValueOrDefault(entry.Kind) + entry.Amount;
            if (after is not null && ByPosting.Compare(entry, after) <= 0)
                before += entry.Amount;
            else if (page.Count <= most)
                page.Enqueue(entry, entry);
            else
                page.EnqueueDequeue(entry, entry);
        }

        var hasMore = page.Count > most;
        var balance = opening + before;
        var lines = page.UnorderedItems.Select(item => item.Element).Order(ByPosting).Take(most)
            .Select(entry => new AccountLine(entry, balance += entry.Amount)).ToList();
        return new(opening, sums, closing, lines, hasMore);
    }

    /// <summary>What is still to be paid out of what was owed at the end of a month: less than nothing when the distributor owes us.</summary>
    public async Task<Fen> UnpaidAsync(DistributorId distributor, ShareMonth month, CancellationToken cancellationToken)
    {
        var unpaid = Fen.Zero;
        await foreach (var entry in shares.ListAsync(distributor, cancellationToken))
        {
            if (entry.IsIn(month) || entry.IsBefore(month) || ShareKeys.IsOfPayout(entry.Key))
                unpaid += entry.Amount;
        }

        return unpaid;
    }
}

/// <summary>A month of an account; amounts in fen, positive for what we owe the distributor.</summary>
/// <param name="Opening">What was owed when it began.</param>
/// <param name="Sums">What its entries came to, by their kinds, all of them.</param>
/// <param name="Closing">Opening + sums.</param>
/// <param name="Lines">A page of its entries.</param>
/// <param name="HasMore">Whether there are entries behind the page.</param>
internal sealed record AccountMonth(Fen Opening, IReadOnlyDictionary<ShareKind, Fen> Sums, Fen Closing, IReadOnlyList<AccountLine> Lines, bool HasMore);

/// <summary>An entry with the balance after it.</summary>
internal sealed record AccountLine(ShareRow Entry, Fen Balance);
