using System.Globalization;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Days of a merchant as postings, and their statements.</summary>
internal static class SampleDay
{
    public static readonly DateOnly Day = new(2026, 11, 21);
    public static readonly DistributorId Distributor = DistributorId.Parse("DSTR1BTR");
    public static readonly DistributorId OtherDistributor = DistributorId.Parse("0THERDST");

    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.FromHours(8));

    public static readonly IReadOnlyList<DatedTerms> Terms =
        [new(new(2026, 1, 1), new FeeTerms(60, 20, [new(Distributor, 11), new(OtherDistributor, 3)])), new(new(2026, 11, 20), new FeeTerms(38, 20, [new(Distributor, 5)]))];

    /// <summary>Payments, each tenth of which is refunded in part.</summary>
    public static IReadOnlyList<Posting> Postings(int payments, int seed = 1, MerchantId? merchant = null)
    {
        var random = new Random(seed);
        var postings = new List<Posting>();
        for (var number = 0; number < payments; number++)
        {
            var amount = new Fen(random.Next(1, 20_000));
            var payment = Payment(number, amount.Value, merchant);
            postings.Add(payment);
            if (number % 10 == 0)
                postings.Add(Refund(payment, random.Next(1, (int)amount.Value + 1)));
        }

        return [.. postings.OrderBy(posting => posting.Key, StringComparer.Ordinal)];
    }

    public static Posting Payment(int number, long fen, MerchantId? merchant = null)
    {
        var order = OrderId.New(Day, merchant ?? World.Merchant, World.Machine, _ => number.ToString("D10", CultureInfo.InvariantCulture));
        return new()
        {
            Key = PostingKeys.OfPayment(order),
            Kind = PostingKind.Payment,
            Order = order,
            Amount = new Fen(fen),
            At = Noon.AddSeconds(number),
            EventDay = Day,
            PaidDay = Day,
            RateBasisPoints = 38,
            BankCostBasisPoints = 20,
            Wallet = (Wallet)(number % 3),
            ChannelNo = $"42000{number:D12}",
        };
    }

    public static Posting Refund(Posting payment, long fen) => payment with
    {
        Key = PostingKeys.OfRefund(new RefundId(payment.Order, 1)),
        Kind = PostingKind.Refund,
        Refund = 1,
        Amount = new Fen(fen),
        At = payment.At.AddHours(1),
        Before = new(payment.Amount, Fen.Zero, Fen.Zero, Fen.Zero),
        ChannelNo = "5" + payment.ChannelNo,
    };

    public static ExportedStatement Statement(IReadOnlyList<Posting> postings, string name = "示范食堂", MerchantId? merchant = null, long carriedIn = 0) =>
        new(StatementRules.Of(merchant ?? World.Merchant, Day, postings, Terms, new Fen(carriedIn)), 1, name);
}
