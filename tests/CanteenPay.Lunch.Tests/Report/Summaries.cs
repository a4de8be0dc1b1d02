using CanteenPay.Lunch.Diners;
using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Report;
using CanteenPay.Lunch.Stack;
using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Tests.Report;

public sealed class Summaries
{
    private const string Order = "261122CANTEEN1TERM00010123456789";
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(8));

    private static readonly LunchSummary Clean = new()
    {
        Options = new() { Length = TimeSpan.FromMinutes(10), Seed = 42, Chaos = true },
        EndTook = TimeSpan.FromMinutes(5),
        Visits =
        [
            new(new Diner { Number = 1, ArrivesAt = default, Machine = 0, Amount = new(1250), Wallet = Wallet.Alipay, Habit = Habit.Pays, Hesitates = default }, VisitEnd.SawPaid, [Order], "success"),
        ],
        Orders =
        [
            new() { OrderId = Order, Ours = new("CANTEEN1", "Paid", 1250, Paid: true, 0, 0, IsLate: false, "paid", Review: null), Bank = new("SUCCESS", 1250, Noon, 1250, 0), ShownAsPaidAt = Noon },
        ],
        Cards = new(
            [new() { TapId = "0123456789AB", Shown = new("CANTEEN1", "TERM0001", -700), Ledger = [new("CANTEEN1", "TERM0001", 1, "cash", -700)] }],
            [new("CANTEEN1", 5000, 5000, Loop: 0, IsClosed: true)],
            [new("CANTEEN1", "C1000001", "TERM0001", 4300, 4300)]),
        Refunds = [new(Order, 250, RefundAnswer.Accepted)],
        Discrepancies = [],
        Parked = new Dictionary<string, int> { ["sweep: a|b"] = 1 },
        Latencies = [("press", Percentiles.Of([TimeSpan.FromMilliseconds(40)])), ("nothing", null)],
        Operations = new Dictionary<string, long> { ["tables total"] = 9 },
        Faults = new Dictionary<string, long> { ["bank: slow"] = 3 },
    };

    [Fact]
    public void A_clean_lunch_says_so_with_its_seed_and_its_money()
    {
        var text = SummaryMarkdown.Write(Clean);

        text.ShouldContain("nothing missing, doubled or different");
        text.ShouldContain("seed 42");
        text.ShouldContain("| CANTEEN1 | 12.50 | 12.50 | 0.00 | 0.00 | 0.00 |");
        text.ShouldContain("| 合计 all | 12.50 | 12.50 | 0.00 | 0.00 | 0.00 |");
        text.ShouldContain("| CANTEEN1 | 1 | 0 | 7.00 | 7.00 | 50.00 | 0.00 | 1/1 |");
        text.ShouldContain("| tables total | 9 | 9.00 |");
        text.ShouldContain("| 受理 accepted | 1 | 2.50 |");
        text.ShouldContain("| bank: slow | 3 |");
        text.ShouldContain("| sweep: a/b | 1 |", customMessage: "a reason may not break the table");
    }

    [Fact]
    public void Each_discrepancy_is_named_with_its_order_and_the_difference_of_the_money_is_shown()
    {
        List<BookedOrder> orders = [Clean.Orders[0] with { Bank = null }];
        var text = SummaryMarkdown.Write(Clean with { Orders = orders, Discrepancies = Reconciliation.Of(orders) });

        text.ShouldContain("1 处差异 discrepancies");
        text.ShouldContain($"| 我方已付，银行未付 paid with us, not at the bank | {Order} |");
        text.ShouldContain("| CANTEEN1 | 12.50 | 0.00 | 0.00 | 0.00 | 12.50 |");
    }

    [Fact]
    public void Every_end_of_a_visit_every_answer_and_every_discrepancy_has_its_words()
    {
        var visits = Enum.GetValues<VisitEnd>().Select(end => Clean.Visits.Single() with { End = end }).ToList();
        var found = Enum.GetValues<DiscrepancyKind>().Select(kind => new Discrepancy(kind, Order, "–")).ToList();

        var refunds = Enum.GetValues<RefundAnswer>().Select(answer => new RefundAsked("–", 1, answer)).ToList();

        SummaryMarkdown.Write(Clean with { Visits = visits, Discrepancies = found, Refunds = refunds }).Split('\n').Count(line => line.Contains(Order)).ShouldBe(found.Count);
    }

    [Fact]
    public void Percentiles_are_by_nearest_rank()
    {
        Percentiles.Of(Enumerable.Range(1, 200).Select(ms => TimeSpan.FromMilliseconds(ms))).ShouldBe(new Percentiles(200, 100, 180, 198, 200));
        Percentiles.Of([TimeSpan.FromMilliseconds(7)]).ShouldBe(new Percentiles(1, 7, 7, 7, 7));
        Percentiles.Of([]).ShouldBeNull();
    }
}
