using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Shares;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Functions.Tests.Settlement.Exports;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement;

/// <summary>
/// Three days of two canteens, from the key at the till to the files of finance: around midnight, across a change of the rate, with money that goes back, comes late, and comes while its day
/// is being closed. Every number is reckoned by hand.
/// </summary>
public sealed class SimulatedDaysTests : IDisposable
{
    private static readonly DateOnly First = new(2026, 11, 22), Second = First.AddDays(1), Third = First.AddDays(2);
    private static readonly MerchantId Other = MerchantId.Parse("0THERMCH");
    private static readonly DeviceId OthersMachine = DeviceId.Parse("0THERMA1");

    private readonly ExportDesk _desk = new();

    private World World => _desk.World;

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Three_days_come_to_what_the_bank_paid_and_the_files_say_the_same()
    {
        await OpenAsync();
        var paidWhileClosing = await ShowQrAsync(30_00);
        var paidTooLate = await ShowQrAsync(10_00);
        var others = await PayAsync(200_00, Other, OthersMachine);
        await World.PassUntilAsync(At(First, 23, 50));
        // Closed hours ago; the bank's words come in two days.
        World.Bank.PayLate(paidWhileClosing);
        World.Bank.PayLate(paidTooLate);
        var lost = await ShowQrAsync(25_00);
        World.Bank.Pay(lost);
        World.LosePollsUntil(At(First, 23, 59, 30));
        var beforeMidnight = await PayAsync(100_00);
        var acrossMidnight = await ShowQrAsync(50_00);
        World.Clock.MoveTo(At(Second, 0, 0, 2));
        World.Bank.Pay(acrossMidnight);
        (await World.BankNotifiesAsync(acrossMidnight)).ShouldBeTrue();
        World.LosePollsUntil(At(Second, 0, 45));
        await World.SweepAsync();
        await World.PassAsync(TimeSpan.FromMinutes(1));

        await World.SettleNightAsync(First);

        (await FiguresAsync(World.Merchant, First)).ShouldBe(new(Gross: 12500, Refunds: 0, NetFee: 75, Payable: 12425, Bank: 25, Share: 13, Platform: 37, CarriedOut: 0));
        (await FiguresAsync(Other, First)).ShouldBe(new(Gross: 20000, Refunds: 0, NetFee: 120, Payable: 19880, Bank: 40, Share: 20, Platform: 60, CarriedOut: 0));

        await World.PassUntilAsync(At(Second, 12, 0));
        (await World.RefundAsync(beforeMidnight, 30_00)).Refusal.ShouldBeNull();
        (await World.RefundAsync(others, 200_00)).Refusal.ShouldBeNull();
        await World.PassUntilAsync(At(Second, 12, 10));
        await World.SettleNightAsync(Second);

        // 50.00 at 0.55 %, and 30.00 of an order that was paid at 0.60 %.
        (await FiguresAsync(World.Merchant, Second)).ShouldBe(new(Gross: 5000, Refunds: 3000, NetFee: 10, Payable: 1990, Bank: 4, Share: 1, Platform: 5, CarriedOut: 0));
        (await FiguresAsync(Other, Second)).ShouldBe(new(Gross: 0, Refunds: 20000, NetFee: -120, Payable: -19880, Bank: -40, Share: -20, Platform: -60, CarriedOut: -19880));

        await ClosingAsync(paidWhileClosing, paidTooLate);
        await World.PassUntilAsync(At(Third, 12, 0));
        await World.SettleNightAsync(Third);

        (await FiguresAsync(World.Merchant, First)).ShouldBe(new(Gross: 15500, Refunds: 0, NetFee: 93, Payable: 15407, Bank: 31, Share: 16, Platform: 46, CarriedOut: 0));
        (await FiguresAsync(World.Merchant, Second)).ShouldBe(new(Gross: 6000, Refunds: 3000, NetFee: 16, Payable: 2984, Bank: 6, Share: 2, Platform: 8, CarriedOut: 0));
        var revised = await World.StatementAsync(World.Merchant, Second);
        (revised.Revision, revised.Reason, revised.Statement.AdjustmentCount).ShouldBe((2, RevisionReason.Postings, 1));
        (await FiguresAsync(World.Merchant, Third)).ShouldBe(new(Gross: 0, Refunds: 4000, NetFee: -24, Payable: -3976, Bank: -8, Share: -4, Platform: -12, CarriedOut: -3976));
        (await FiguresAsync(Other, Third)).ShouldBe(new(Gross: 0, Refunds: 0, NetFee: 0, Payable: 0, Bank: 0, Share: 0, Platform: 0, CarriedOut: -19880));
        await SharesAreAsync(16 + 2 - 4 + 20 - 20);
        await FilesAgreeAsync();
        await ComesToTheSameAsync();
    }

    /// <summary>The first day is closed. Of two orders for which nobody waited any more the bank says that they had been paid on it: of one meanwhile, of the other afterwards.</summary>
    private async Task ClosingAsync(OrderId meanwhile, OrderId afterwards)
    {
        (await World.CloseAsync(First)).Code.ShouldBeNull();

        // Whether the day holds it is not decided yet: the bank is asked to say it again.
        await Should.ThrowAsync<DayIsClosingException>(() => World.BankNotifiesAsync(meanwhile));
        await World.SettleSentAsync();
        await World.SettleSweepAsync();
        (await World.Get<ClosedDays>().ReadAsync(CancellationToken.None)).IsFinal(First).ShouldBeTrue();
        (await World.BankNotifiesAsync(meanwhile)).ShouldBeTrue();
        (await World.BankNotifiesAsync(afterwards)).ShouldBeTrue();
        await World.PassAsync(TimeSpan.FromMinutes(1));

        (await PostedAsync(meanwhile)).ShouldBe([(First, "pay"), (Third, "refund")], ignoreOrder: true);
        (await PostedAsync(afterwards)).ShouldBe([(First, "pay"), (Second, "adj"), (Third, "refund")], ignoreOrder: true);
        (World.Bank.RefundedFen(meanwhile), World.Bank.RefundedFen(afterwards)).ShouldBe((30_00, 10_00));
    }

    private async Task<IEnumerable<(DateOnly Day, string Kind)>> PostedAsync(OrderId order) =>
        (await World.PostingsAsync()).Where(row => row.Posting.Order == order).Select(row => (row.Day, row.Posting.Key.Split('-')[0]));

    private async Task FilesAgreeAsync()
    {
        foreach (var day in (DateOnly[])[First, Second, Third])
        {
            await _desk.Export.RunAsync(day, CancellationToken.None);
            var edition = (await _desk.Editions.CompleteAsync(day, CancellationToken.None)).ShouldNotBeNull();
            var payable = (await FiguresAsync(World.Merchant, day)).Payable + (await FiguresAsync(Other, day)).Payable;
            var key = BusinessDay.Key(day);
            var csv = Opened.Csv(File($"settlement-{key}-r{edition.Number}.csv"));
            Total(csv, "应结金额 Payable").ShouldBe(payable / 100m, $"{day}");
            var pages = Opened.Xlsx(File($"settlement-{key}-r{edition.Number}.xlsx"));
            var sums = pages.SelectMany(page => page.Cells.Values.Where(cell => cell.Formula is not null).Select(cell => (cell.Number, Opened.Reckoned(pages, page.Cells, cell.Formula!))))
                .ToList();
            sums.ShouldNotBeEmpty();
            sums.ShouldAllBe(sum => sum.Item1 == sum.Item2);
            sums.Select(sum => sum.Item1).ShouldContain(payable / 100m);
        }
    }

    private async Task ComesToTheSameAsync()
    {
        var (rows, files) = (await World.SettlementRowsAsync(), _desk.Files.All.ToDictionary());
        foreach (var day in (DateOnly[])[First, Second, Third])
        {
            await World.Get<FanOut>().AllAsync(day, "again", CancellationToken.None);
            await World.SettleSentAsync();
            await _desk.Export.RunAsync(day, CancellationToken.None);
        }

        (await World.SettlementRowsAsync()).ShouldBe(rows);
        _desk.Files.All.Keys.ShouldBe(files.Keys.Order(StringComparer.Ordinal));
        foreach (var (path, bytes) in _desk.Files.All)
            bytes.ShouldBe(files[path], path);
    }

    private async Task SharesAreAsync(long fen)
    {
        var entries = await World.Tables.GetTableClient("Shares").QueryAsync<ShareRow>("").ToListAsync();
        entries.ShouldAllBe(entry => entry.Distributor == SampleDay.Distributor);
        entries.Sum(entry => entry.Amount.Value).ShouldBe(fen);
    }

    private async Task OpenAsync()
    {
        await World.Tables.GetTableClient("Merchants").AddEntityAsync(new MerchantProfile(Other, "二食堂", "swiftpass", FakeBank.MerchantId, IsActive: true));
        await World.Tables.GetTableClient("Devices").AddEntityAsync(new DeviceProfile(OthersMachine, Other, "一号窗口", IsActive: true));
        foreach (var merchant in (MerchantId[])[World.Merchant, Other])
        {
            await RateAsync(merchant, new(2026, 11, 1), new(60, 20, [new(SampleDay.Distributor, 10)]));
            await RateAsync(merchant, Second, new(55, 20, [new(SampleDay.Distributor, 8)]));
        }
    }

    private async Task RateAsync(MerchantId merchant, DateOnly from, FeeTerms terms)
    {
        var rates = World.Get<MerchantRates>();
        var profile = (await rates.ProfileAsync(merchant, CancellationToken.None)).ShouldNotBeNull();
        (await rates.TrySetAsync(profile, new RateRow(merchant, from, terms, World.Noon, new("operator", "周运营")), CancellationToken.None)).ShouldBeTrue();
    }

    private async Task<OrderId> ShowQrAsync(long fen, MerchantId? merchant = null, DeviceId? machine = null)
    {
        var now = World.Clock.GetUtcNow();
        var request = new PayRequest
        {
            OrderId = OrderId.New(BusinessDay.Of(now), merchant ?? World.Merchant, machine ?? World.Machine),
            MerchantId = merchant ?? World.Merchant,
            Amount = new Fen(fen),
            RequestedAt = now,
            ExpiresInS = 120,
        };
        await World.DeviceSaysAsync(request, machine ?? World.Machine);
        return request.OrderId;
    }

    private async Task<OrderId> PayAsync(long fen, MerchantId? merchant = null, DeviceId? machine = null)
    {
        var order = await ShowQrAsync(fen, merchant, machine);
        World.Bank.Pay(order);
        (await World.BankNotifiesAsync(order)).ShouldBeTrue();
        return order;
    }

    private byte[] File(string name) => _desk.Files.All.Single(file => file.Key.EndsWith("/" + name, StringComparison.Ordinal)).Value;

    private static decimal Total(List<string[]> csv, string column)
    {
        var at = Array.IndexOf(csv[0], column);
        return csv.Skip(1).Where(record => record.Length > at && MerchantId.TryParse(record.FirstOrDefault(cell => MerchantId.TryParse(cell, null, out _)), null, out _))
            .Sum(record => decimal.Parse(record[at], System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task<Figures> FiguresAsync(MerchantId merchant, DateOnly day)
    {
        var statement = (await World.StatementAsync(merchant, day)).Statement;
        return new(
            statement.Gross.Value, statement.Refunds.Value, statement.Fee.Value - statement.FeeReturned.Value, statement.Payable.Value, statement.BankPart.Value,
            statement.DistributorParts.Sum(part => part.Part.Value), statement.PlatformPart.Value, statement.CarriedOut.Value);
    }

    private static DateTimeOffset At(DateOnly day, int hour, int minute, int second = 0) => new(day, new TimeOnly(hour, minute, second), BusinessDay.Offset);

    /// <summary>Of a statement, in fen.</summary>
    private sealed record Figures(long Gross, long Refunds, long NetFee, long Payable, long Bank, long Share, long Platform, long CarriedOut);
}
