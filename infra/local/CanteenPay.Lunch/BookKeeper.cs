using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Report;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch;

/// <summary>Brings the books together: ours, the bank's, what was seen at the machines, and what was asked to go back.</summary>
internal sealed class BookKeeper(OurOrders ours, BankControl bank, SeenOrders seen, RefundDesk refunds)
{
    /// <summary>Every order that any book knows, by id.</summary>
    public async Task<IReadOnlyList<BookedOrder>> ReadAsync(IReadOnlyList<DateOnly> days, CancellationToken cancellationToken)
    {
        var atBank = (await bank.ListAsync(cancellationToken)).ToDictionary(order => order.OutTradeNo, StringComparer.Ordinal);
        var listed = (await ours.ListAsync(days, cancellationToken)).ToDictionary(order => order.OrderId, StringComparer.Ordinal);
        var (pages, asked) = (seen.All, refunds.Asked.ToLookup(refund => refund.OrderId, StringComparer.Ordinal));
        List<BookedOrder> orders = [];
        foreach (var id in listed.Keys.Union(pages.Keys).Union(atBank.Keys).Order(StringComparer.Ordinal))
        {
            var mine = listed.GetValueOrDefault(id) ?? await ours.FindAsync(id, cancellationToken);
            var late = mine is not null && await IsLateAsync(mine, cancellationToken);
            orders.Add(Book(id, mine, late, atBank.GetValueOrDefault(id), pages.GetValueOrDefault(id), [.. asked[id]]));
        }

        return orders;
    }

    /// <summary>Once late money has gone back, only its refund tells that it was late.</summary>
    private async Task<bool> IsLateAsync(OurOrderView order, CancellationToken cancellationToken) => order.State == "LatePaid"
        || order.Refunded > 0 && (await ours.RefundsAsync(order.OrderId, cancellationToken)).Any(refund => refund.IsOfLateMoney);

    private static BookedOrder Book(string id, OurOrderView? mine, bool late, BankOrderView? theirs, SeenOrder? page, IReadOnlyCollection<RefundAsked> asked) => new()
    {
        OrderId = id,
        Ours = mine is null
            ? null
            : new(mine.MerchantId, mine.State, mine.Amount, mine.PaidAt is not null, mine.Refunded, mine.RefundPending, late, mine.Acknowledged, mine.Review),
        Bank = theirs is null ? null : new(theirs.State, theirs.TotalFee, theirs.PaidAt, theirs.PaidFen, theirs.RefundedFen),
        ShownAsPaidAt = page?.PaidShownAt,
        SaidAt = [.. (page?.Said ?? []).Select(words => words.At)],
        RefundsAsked = asked.Any(refund => refund.Answer == RefundAnswer.Unknown)
            ? null
            : asked.Where(refund => refund.Answer == RefundAnswer.Accepted).Sum(refund => refund.Amount),
    };
}
