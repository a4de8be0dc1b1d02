using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.EndToEnd.Settlement;

/// <summary>
/// A settlement date of many merchants, written into the tables as payments leave it: at tills it would take hours. Everything is drawn from a seed, and what the date must come to
/// is reckoned here too, by school arithmetic.
/// </summary>
internal sealed class SeededDay
{
    private const int InTransaction = 100;
    private const int RateBasisPoints = 60, BankBasisPoints = 20, ShareBasisPoints = 10;

    /// <summary>One order in so many is refunded wholly on the same date.</summary>
    private const int RefundedOneIn = 10;

    private readonly DateOnly _day;
    private readonly List<MerchantId> _merchants;
    private readonly int _ordersEach;
    private readonly DistributorId _distributor;

    public SeededDay(DateOnly day, int merchants, int ordersEach, string distributor)
    {
        (_day, _ordersEach, _distributor) = (day, ordersEach, DistributorId.Parse(distributor));
        _merchants = [.. Enumerable.Range(1, merchants).Select(number => MerchantId.Parse(number.ToString("'SEED'0000", CultureInfo.InvariantCulture)))];
    }

    public int Merchants => _merchants.Count;

    public long Orders => (long)_merchants.Count * _ordersEach;

    /// <summary>Σ payments, in fen.</summary>
    public long Gross { get; private set; }

    /// <summary>Σ refunds, in fen.</summary>
    public long Refunds { get; private set; }

    /// <summary>Σ fees less those that came back, in fen.</summary>
    public long NetFee { get; private set; }

    /// <summary>Writes it.</summary>
    /// <param name="connectionString">Of the tables.</param>
    /// <param name="progress">Told after each hundred merchants.</param>
    public async Task WriteAsync(string connectionString, Action<int>? progress = null)
    {
        var tables = new TableServiceClient(connectionString);
        var index = new DayIndex(tables);
        var random = new Random(20261122);
        foreach (var (number, merchant) in _merchants.Index())
        {
            await tables.GetTableClient(ApplicationStore.Table).SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new MerchantProfile(merchant, $"第 {number + 1} 食堂", "swiftpass", $"7551{number:D8}", IsActive: true).ToTableEntity()),
                new(TableTransactionActionType.Add, Rate(merchant).ToTableEntity()),
            ]);
            await index.NoteAsync(_day, merchant, CancellationToken.None);
            foreach (var rows in Postings(merchant, random).Chunk(InTransaction))
            {
                await tables.GetTableClient(PostingStore.Table).SubmitTransactionAsync(
                    rows.Select(posting => new TableTransactionAction(TableTransactionActionType.Add, new PostingRow(merchant, _day, posting).ToTableEntity())));
            }

            if ((number + 1) % 100 == 0)
                progress?.Invoke(number + 1);
        }
    }

    /// <summary>Reads the postings and nothing else.</summary>
    public Task ReadAsync(string connectionString, int atOnce)
    {
        var store = new PostingStore(new TableServiceClient(connectionString));
        return Parallel.ForEachAsync(
            _merchants, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (merchant, cancellationToken) => _ = await store.ReadAsync(merchant, _day, cancellationToken).CountAsync(cancellationToken));
    }

    private RateRow Rate(MerchantId merchant) => new(
        merchant, new(2026, 1, 1), new FeeTerms(RateBasisPoints, BankBasisPoints, [new(_distributor, ShareBasisPoints)]), DateTimeOffset.UnixEpoch, new("seed", "seed"));

    private IEnumerable<Posting> Postings(MerchantId merchant, Random random)
    {
        var device = DeviceId.Parse("SEEDMACH");
        for (var n = 0; n < _ordersEach; n++)
        {
            var order = OrderId.Parse(string.Create(CultureInfo.InvariantCulture, $"{_day:yyMMdd}{merchant}{device}{n:D10}"));
            var fen = random.Next(1, 60_00);
            var fee = (fen * RateBasisPoints + 5_000) / 10_000;
            var paid = new Posting
            {
                Key = PostingKeys.OfPayment(order),
                Kind = PostingKind.Payment,
                Order = order,
                Amount = new(fen),
                At = new DateTimeOffset(_day, new TimeOnly(11, 30), BusinessDay.Offset).AddSeconds(n),
                EventDay = _day,
                PaidDay = _day,
                RateBasisPoints = RateBasisPoints,
                BankCostBasisPoints = BankBasisPoints,
                Wallet = n % 3 == 0 ? Wallet.Alipay : Wallet.WeChat,
                ChannelNo = string.Create(CultureInfo.InvariantCulture, $"{merchant}{n:D10}"),
            };
            Gross += fen;
            NetFee += fee;
            yield return paid;
            if (n % RefundedOneIn != 0)
                continue;
            Refunds += fen;
            NetFee -= fee;
            yield return paid with
            {
                Key = PostingKeys.OfRefund(new(order, 1)),
                Kind = PostingKind.Refund,
                Refund = 1,
                At = paid.At.AddMinutes(5),
                Before = new(paid.Amount, Fen.Zero, Fen.Zero, Fen.Zero),
            };
        }
    }
}
