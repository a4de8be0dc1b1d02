using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;

namespace CanteenPay.Simulation.Invariants;

/// <summary>The end of a case: what is posted is the bank's book, each payment that the cloud took and each refund once, with its amount, under its settlement date.</summary>
internal static class PostingCheck
{
    /// <summary>The rule.</summary>
    public const string Rule = "postings = the bank's book";

    /// <summary>Compares them.</summary>
    /// <param name="book">The bank's book.</param>
    /// <param name="cloud">The cloud's tables.</param>
    /// <param name="verdict">Keeps what is found.</param>
    public static void Run(Book book, CloudRecords cloud, Verdict verdict)
    {
        var taken = cloud.Orders().Where(order => order.Payment is not null).Select(order => order.Id.Value).ToHashSet(StringComparer.Ordinal);
        var expected = book.Orders.Where(order => order.PaidAt is not null && taken.Contains(order.OrderNo)).SelectMany(Entries).ToList();
        var postings = cloud.Postings();
        foreach (var entry in postings.Select(Entry))
        {
            if (!expected.Remove(entry))
                verdict.Fail(Rule, $"{entry} is posted, and the bank has it not, or not again");
        }

        foreach (var entry in expected)
            verdict.Fail(Rule, $"{entry} is in the bank's book and not posted");
        var index = cloud.DayIndex();
        foreach (var posting in postings.Where(posting => !index.Contains((posting.Day, posting.Merchant))))
            verdict.Fail(Rule, $"{posting.Posting.Key} is posted, and the index of {posting.Day:yyyy-MM-dd} does not name {posting.Merchant}");
    }

    private static IEnumerable<BookEntry> Entries(BankOrder paid) =>
        paid.Refunds.Where(refund => !refund.Value.Fails).Select(refund => new BookEntry(refund.Key, refund.Value.Fen, DayOf(refund.Value.EndsAt)))
            .Prepend(new(paid.OrderNo, paid.Fen, DayOf(paid.PaidAt!.Value)));

    private static BookEntry Entry(PostingRow row) => row.Posting is { Kind: PostingKind.Refund } refund
        ? new(new RefundId(refund.Order, refund.Refund).ChannelNo, refund.Amount.Value, row.Day)
        : new(row.Posting.Order.Value, row.Posting.Amount.Value, row.Day);

    private static DateOnly DayOf(DateTimeOffset at) => SettlementDay.Of(at, TimeSpan.Zero);

    private sealed record BookEntry(string Number, long Fen, DateOnly Day);
}
