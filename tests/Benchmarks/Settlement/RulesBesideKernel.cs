using System.Diagnostics;
using System.Globalization;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks.Settlement;

/// <summary>The rules of settlement over many merchants' orders, beside the same sums in plain integers; block by block in turns, and both must come to the same.</summary>
internal static class RulesBesideKernel
{
    private const int Rounds = 5, OrdersOfEach = 1_000, MerchantsInABlock = 100, OrdersInABlock = OrdersOfEach * MerchantsInABlock;

    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");

    public static void Run(int orders)
    {
        var blocks = Math.Max(1, orders / OrdersInABlock);
        var made = new PaidOrders(MerchantsInABlock, OrdersOfEach);
        List<(double Kernel, double Rules)> took = [];
        // The first is not counted.
        for (var round = 0; round <= Rounds; round++)
        {
            var random = new Random(20261122);
            for (var block = 0; block < blocks; block++)
            {
                made.Draw(random);
                // Which of the two goes first changes each time.
                var early = block % 2 == 0 ? Timed(made, Kernel) : default;
                var ours = Timed(made, Rules);
                var floor = block % 2 == 0 ? early : Timed(made, Kernel);
                if (floor.Sums != ours.Sums)
                    throw new InvalidOperationException($"Block {block}: the kernel says {floor.Sums}, the rules {ours.Sums}.");
                if (round > 0)
                    took.Add((floor.Took.TotalNanoseconds / OrdersInABlock, ours.Took.TotalNanoseconds / OrdersInABlock));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {blocks * OrdersInABlock} orders of {blocks * MerchantsInABlock} merchants, {Rounds} times, one order in twenty refunded | ns an order, median of {took.Count} blocks | of the floor |\n| --- | --- | --- |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| floor: the same sums in plain integers | {Medians.Of(took.Select(block => block.Kernel)):F2} | 1.00 × |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| the rules, with a statement for each merchant | {Medians.Of(took.Select(block => block.Rules)):F2} | {Medians.Of(took.Select(block => block.Rules / block.Kernel)):F2} × |"));
        Console.WriteLine();
    }

    private static (TimeSpan Took, Totals Sums) Timed(PaidOrders made, Func<PaidOrders, int, Totals> sum)
    {
        var all = default(Totals);
        var began = Stopwatch.GetTimestamp();
        for (var merchant = 0; merchant < made.Merchants; merchant++)
            all = all.With(sum(made, merchant));
        return (Stopwatch.GetElapsedTime(began), all);
    }

    private static Totals Kernel(PaidOrders made, int merchant)
    {
        var (gross, refunds, fee, bank) = BareKernel.Sum(made.OrdersOf(merchant), made.RefundsOf(merchant));
        return new(gross, refunds, fee, bank);
    }

    private static Totals Rules(PaidOrders made, int merchant)
    {
        var terms = new TermsCalendar(Merchant, PaidOrders.Day, PaidOrders.Terms);
        var sums = new FeeSums(terms);
        foreach (ref readonly var order in made.OrdersOf(merchant))
            sums.Pay(order.Amount, order.Rate, order.Bank, order.PaidDay);
        foreach (ref readonly var refund in made.RefundsOf(merchant))
            sums.Return(refund.Amount, refund.Before, refund.Paid.Rate, refund.Paid.Bank, refund.Paid.PaidDay);
        var statement = Reckoning.Of(Merchant, PaidOrders.Day, terms, sums, adjustments: 0, digest: "", Fen.Zero);
        return new(statement.Gross.Value, statement.Refunds.Value, (statement.Fee - statement.FeeReturned).Value, statement.BankPart.Value);
    }

    private readonly record struct Totals(long Gross, long Refunds, long Fee, long Bank)
    {
        public Totals With(Totals other) => new(Gross + other.Gross, Refunds + other.Refunds, Fee + other.Fee, Bank + other.Bank);
    }
}
