using Azure;
using CanteenPay.Functions.Cards.Reports.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>
/// The sums of days that are over. They are kept oldest first, and a day that cannot be kept has a row that says so; hence a day without a row that is older than the
/// newest kept one has no lines.
/// </summary>
internal sealed class KeptDays(CardStore cards)
{
    private const int MostAtOnce = 100;

    /// <summary>Takes what is kept.</summary>
    /// <param name="merchant">Whose ledger.</param>
    /// <param name="take">Gets the sum of each kept day.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Which days are to be read line by line.</returns>
    public async Task<UnkeptDays> ReadAsync(MerchantId merchant, Action<DaySum> take, CancellationToken cancellationToken)
    {
        var again = new SortedDictionary<DateOnly, ETag>();
        var from = DateOnly.MinValue;
        await foreach (var row in cards.ListAsync<DaySumRow>(merchant, DaySumRow.Prefix, maxPerPage: null, cancellationToken))
        {
            if (row.Sum is { } sum)
            {
                take(sum);
                from = row.Day.AddDays(1);
            }
            else
            {
                again[row.Day] = row.Version;
            }
        }

        return new(from, again);
    }

    /// <summary>Keeps days that were read line by line. What somebody has written meanwhile stays: the day is read again.</summary>
    /// <param name="merchant">Whose ledger.</param>
    /// <param name="read">What was known before they were read.</param>
    /// <param name="days">All old days that were read, in their order; without a sum where something may still come.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task KeepAsync(MerchantId merchant, UnkeptDays read, IEnumerable<(DateOnly Day, DaySum? Sum)> days, CancellationToken cancellationToken)
    {
        foreach (var (day, sum) in days.Take(MostAtOnce))
        {
            var kept = sum is { Accounts.Count: <= DaySumRow.MostAccounts } ? sum : null;
            var known = read.Again.TryGetValue(day, out var version);
            if (kept is not null || !known)
                await cards.TryWriteAsync(new CardTransaction().Write(new DaySumRow(merchant, day, kept), version), cancellationToken);
        }
    }
}

/// <summary>Days that are read line by line.</summary>
/// <param name="From">All from this one on.</param>
/// <param name="Again">And these, with the versions of their rows.</param>
internal sealed record UnkeptDays(DateOnly From, IReadOnlyDictionary<DateOnly, ETag> Again)
{
    /// <summary>The first of them.</summary>
    public DateOnly First => Again.Keys.Append(From).Min();

    /// <summary>Days as stretches: from the first, before the last; without an end for the last stretch.</summary>
    public IEnumerable<(DateOnly From, DateOnly? Before)> Stretches =>
        [.. Again.Keys.Where(day => day < From).Select(day => (day, (DateOnly?)day.AddDays(1))), (From, null)];

    /// <summary>Whether a day is one of them.</summary>
    public bool Have(DateOnly day) => day >= From || Again.ContainsKey(day);
}
