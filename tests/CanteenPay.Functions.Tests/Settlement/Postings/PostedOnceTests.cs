using System.Globalization;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Postings;

/// <summary>Each confirmed payment and refund is posted, once, with what its statement needs, before its guard goes.</summary>
public sealed class PostedOnceTests
{
    [Theory]
    [InlineData("00:00", "2026-11-22 23:59:58", "2026-11-22")]
    [InlineData("00:00", "2026-11-23 00:00:00", "2026-11-23")]
    [InlineData("23:30", "2026-11-22 23:29:58", "2026-11-22")]
    [InlineData("23:30", "2026-11-22 23:30:00", "2026-11-23")]
    [InlineData("01:00", "2026-11-23 00:59:58", "2026-11-22")]
    [InlineData("01:00", "2026-11-23 01:00:00", "2026-11-23")]
    [InlineData("02:00", "2026-11-23 01:59:58", "2026-11-22")]
    [InlineData("02:00", "2026-11-23 02:00:00", "2026-11-23")]
    public async Task A_payment_lies_under_the_settlement_date_of_the_channels_time(string cutOff, string paidAt, string day)
    {
        using var world = new World(TimeSpan.Parse(cutOff, CultureInfo.InvariantCulture));
        var paid = DateTimeOffset.Parse(paidAt + " +08:00", CultureInfo.InvariantCulture);
        await world.PassUntilAsync(paid - TimeSpan.FromSeconds(3));
        var request = World.Request(at: world.Clock.GetUtcNow());
        await world.DeviceSaysAsync(request);
        world.Clock.MoveTo(paid);
        world.Bank.Pay(request.OrderId);
        await world.PassAsync(TimeSpan.FromMinutes(1));

        var row = (await world.PostingsAsync()).ShouldHaveSingleItem();
        row.Day.ShouldBe(DateOnly.Parse(day, CultureInfo.InvariantCulture));
        row.Posting.ShouldBe(new()
        {
            Key = $"pay-{request.OrderId}",
            Kind = PostingKind.Payment,
            Order = request.OrderId,
            Amount = request.Amount,
            At = paid,
            EventDay = row.Day,
            PaidDay = row.Day,
            RateBasisPoints = 60,
            BankCostBasisPoints = 0,
            IsBelated = paid >= new DateTimeOffset(2026, 11, 23, 0, 30, 0, TimeSpan.FromHours(8)) && row.Day.Day == 22,
            Wallet = Wallet.Alipay,
            ChannelNo = $"T-{request.OrderId}",
        });
        await world.ShouldHavePostedOnceAsync(request.OrderId, "it was paid");
        world.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task However_often_the_bank_and_the_polls_tell_of_it_a_payment_is_posted_once()
    {
        using var world = new World();
        var order = await PaidAsync(world);
        for (var again = 0; again < 3; again++)
        {
            await world.BankNotifiesAsync(order);
            await world.PassAsync(TimeSpan.FromSeconds(10));
            await world.SweepAsync();
        }

        (await world.PostingsAsync()).ShouldHaveSingleItem();
        world.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Late_money_is_posted_when_it_came_and_when_it_went_back()
    {
        using var world = new World();
        var request = await world.ShowQrAsync();
        await world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await world.PassAsync(TimeSpan.FromSeconds(400));
        world.Bank.PayLate(request.OrderId);
        (await world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        await world.PassAsync(TimeSpan.FromMinutes(1));

        (await world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Refunded);
        var postings = (await world.PostingsAsync()).Select(row => row.Posting).ToList();
        postings.Select(posting => (posting.Key, posting.IsLate)).ShouldBe([($"pay-{request.OrderId}", true), ($"refund-{new RefundId(request.OrderId, 1)}", true)]);
        // A step that comes again meets the order as it is now, refunded, and posts the same.
        await world.Get<PostingDesk>().PostAsync(await world.OrderAsync(request.OrderId), CancellationToken.None);
        await world.ShouldHavePostedOnceAsync(request.OrderId, "it came and went");
    }

    [Fact]
    public async Task A_refund_says_how_its_order_stood_before_and_counts_on_its_own_day_by_the_payments_terms()
    {
        using var world = new World();
        var order = await PaidAsync(world, 121400);
        (await world.RefundAsync(order, 79800, "a")).Refusal.ShouldBeNull();
        await world.PassAsync(TimeSpan.FromDays(1));
        (await world.RefundAsync(order, 21800, "b")).Refusal.ShouldBeNull();
        await world.PassAsync(TimeSpan.FromMinutes(1));

        var (first, second) = (new RefundId(order, 1), new RefundId(order, 2));
        var rows = (await world.PostingsAsync()).Where(row => row.Posting.Kind == PostingKind.Refund).ToList();
        rows.Select(row => (row.Day.Day, row.Posting.Key, row.Posting.Refund, row.Posting.PaidDay.Day, row.Posting.ChannelNo)).ShouldBe(
        [
            (22, $"refund-{first}", 1, 22, $"R-{first.ChannelNo}"),
            (23, $"refund-{second}", 2, 22, $"R-{second.ChannelNo}"),
        ]);
        rows[0].Posting.Before.ShouldBe(new(new(121400), Fen.Zero, Fen.Zero, Fen.Zero));
        rows[1].Posting.Before.ShouldBe(new(new(121400), new(79800), new(479), Fen.Zero));
        await world.ShouldHavePostedOnceAsync(order, "it was paid and refunded");
    }

    [Fact]
    public async Task A_refund_that_the_bank_refused_and_money_that_no_order_waits_for_are_not_posted()
    {
        using var world = new World();
        var order = await PaidAsync(world);
        world.Bank.Distort = facts => facts with { ChannelTransactionNo = "SECOND" };
        (await world.BankNotifiesAsync(order)).ShouldBeTrue();
        world.Bank.RefundsFail = true;
        (await world.RefundAsync(order, 500)).Refusal.ShouldBeNull();
        await world.PassAsync(TimeSpan.FromMinutes(10));

        (await world.OrderAsync(order)).Review.ShouldBe(ReviewReason.PaidTwice);
        (await world.PostingsAsync()).ShouldHaveSingleItem().Posting.ChannelNo.ShouldBe($"T-{order}");
        (await world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task While_a_payment_cannot_be_posted_its_guard_stays_and_the_sweep_finds_it()
    {
        using var world = new World();
        var request = await world.ShowQrAsync();
        world.Tables.BeforeOperation = operation => operation.StartsWith("Postings.Add", StringComparison.Ordinal)
            ? Task.FromException(new InvalidOperationException("The table is busy."))
            : Task.CompletedTask;
        world.Bank.Pay(request.OrderId);
        await world.PassAsync(TimeSpan.FromMinutes(30));
        (await world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        (await world.GuardsAsync()).ShouldHaveSingleItem();
        (await world.PostingsAsync()).ShouldBeEmpty();

        world.Tables.BeforeOperation = null;
        await world.SweepAsync();
        await world.PassAsync(TimeSpan.FromMinutes(10));

        (await world.GuardsAsync()).ShouldBeEmpty();
        await world.ShouldHavePostedOnceAsync(request.OrderId, "the sweep found it");
    }

    /// <summary>The budget of a paid order (benchmarks): 8 table operations without the poll that finds it ended. Merchant, machine and day are known from the order before.</summary>
    [Fact]
    public async Task A_paid_order_takes_eight_table_operations()
    {
        using var world = new World();
        await PaidAsync(world);
        await world.PassAsync(TimeSpan.FromSeconds(30));
        var operations = new List<string>();
        world.Tables.AfterOperation = operation =>
        {
            operations.Add(operation);
            return Task.CompletedTask;
        };

        var order = await PaidAsync(world);
        await world.DeviceSaysAsync(new PayResultAck { OrderId = order, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon });

        operations.Count.ShouldBeLessThanOrEqualTo(8, string.Join('\n', operations));
        var posting = operations.FindIndex(operation => operation.StartsWith("Postings.Add", StringComparison.Ordinal));
        operations.FindIndex(operation => operation.StartsWith("OpenOrders.Delete", StringComparison.Ordinal)).ShouldBeGreaterThan(posting, "the guard goes last");
        operations.FindIndex(operation => operation.StartsWith("Orders.Update", StringComparison.Ordinal)).ShouldBeLessThan(posting, "the confirming write is first");
    }

    private static async Task<OrderId> PaidAsync(World world, long fen = 1250)
    {
        var request = World.Request(fen);
        await world.DeviceSaysAsync(request);
        world.Bank.Pay(request.OrderId);
        (await world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        return request.OrderId;
    }
}
