using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Postings;

/// <summary>Payments that are found when their day is over: they count on it while it is open, and on the first open day when it was closed without them.</summary>
public sealed class BelatedTests : IDisposable
{
    private static readonly DateOnly Day = new(2026, 11, 22);

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task In_time_a_payment_does_not_ask_whether_its_day_was_closed()
    {
        var order = await PaidAsync();
        await _world.PassUntilAsync(At(23, 0, 29));

        var read = await OperationsOfAsync(() => _world.BankNotifiesAsync(order));

        read.ShouldNotContain(operation => operation.StartsWith("Settlements.", StringComparison.Ordinal));
        (await _world.PostingsAsync()).ShouldHaveSingleItem().Posting.IsBelated.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_found_in_the_night_lets_its_open_day_be_settled_again()
    {
        var order = await PaidAsync();
        var other = await PaidAsync();
        (await _world.BankNotifiesAsync(other)).ShouldBeTrue();
        var index = _world.Get<DayIndex>();
        var settled = (await index.FindAsync(Day, World.Merchant, CancellationToken.None)).ShouldNotBeNull();
        settled.IsDue.ShouldBeTrue("it was never settled");
        settled = (await index.TryUpdateAsync(settled, settled with { IsDue = false, Revision = 1 }, CancellationToken.None)).ShouldNotBeNull();
        await _world.PassUntilAsync(At(23, 0, 30));

        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();

        (await _world.PostingsAsync()).Select(row => row.Posting.IsBelated).ShouldBe([true, false], ignoreOrder: true);
        var after = (await index.FindAsync(Day, World.Merchant, CancellationToken.None)).ShouldNotBeNull();
        (after.IsDue, after.Revision).ShouldBe((true, 1));
        (await index.TryUpdateAsync(settled, settled with { IsDue = false }, CancellationToken.None)).ShouldBeNull("whoever settled without it must settle again");
    }

    [Fact]
    public async Task What_its_closed_day_does_not_hold_counts_on_the_first_open_day()
    {
        var order = await PaidAsync();
        await _world.PassUntilAsync(At(25, 12, 0));
        await _world.CloseThroughAsync(new(2026, 11, 23));

        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();
        (await _world.RefundAsync(order, 250)).Refusal.ShouldBeNull();
        await _world.PassAsync(TimeSpan.FromMinutes(1));

        (await _world.OrderAsync(order)).AdjustedDay.ShouldBe(new(2026, 11, 24));
        var rows = await _world.PostingsAsync();
        rows.Select(row => (row.Day.Day, row.Posting.Key)).ShouldBe([(22, $"pay-{order}"), (24, $"adj-pay-{order}"), (25, $"refund-{new RefundId(order, 1)}")]);
        rows[1].Posting.ShouldBe(rows[0].Posting with { Key = rows[1].Posting.Key });
        (await _world.Get<DayIndex>().ListDaysAsync(Day, CancellationToken.None).Select(day => day.Day.Day).ToListAsync()).ShouldBe([24, 25]);
        (await _world.GuardsAsync()).ShouldBeEmpty();
        (await _world.Get<FinalMarkers>().FindAsync(Day, World.Merchant, CancellationToken.None)).ShouldNotBeNull().BelatedKeys.ShouldBeEmpty("it was closed without it");
    }

    [Fact]
    public async Task A_refund_that_is_confirmed_days_later_counts_on_the_first_open_day_too()
    {
        var order = await PaidAsync();
        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();
        _world.Bank.AnswersAreLost = true;
        (await _world.RefundAsync(order, 250)).Refusal.ShouldBeNull();
        await _world.PassUntilAsync(At(24, 12, 0));
        await _world.CloseThroughAsync(Day);
        _world.Bank.AnswersAreLost = false;
        for (var sweeps = 0; sweeps < 2; sweeps++)
        {
            await _world.SweepAsync();
            await _world.PassAsync(TimeSpan.FromMinutes(10));
        }

        var refund = (await _world.RefundsAsync(order)).ShouldHaveSingleItem();
        (refund.State, refund.SettlementDate, refund.AdjustedDay).ShouldBe((RefundState.Refunded, Day, (DateOnly?)new DateOnly(2026, 11, 23)));
        (await _world.PostingsAsync()).Select(row => (row.Day.Day, row.Posting.Key)).ShouldBe(
            [(22, $"pay-{order}"), (22, $"refund-{refund.Id}"), (23, $"adj-refund-{refund.Id}")]);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task While_its_day_is_being_closed_it_waits_and_the_guard_stays()
    {
        var order = await PaidAsync();
        var other = await PaidAsync();
        (await _world.BankNotifiesAsync(other)).ShouldBeTrue();
        await _world.PassUntilAsync(At(23, 12, 0));
        var closed = _world.Get<ClosedDays>();
        (await closed.TryCloseAsync(await closed.ReadAsync(CancellationToken.None), Day, World.Finance, CancellationToken.None)).ShouldNotBeNull();

        await Should.ThrowAsync<DayIsClosingException>(() => _world.BankNotifiesAsync(order));
        (await closed.TryFinishAsync(CancellationToken.None)).ShouldBeFalse();
        (await _world.GuardsAsync()).ShouldHaveSingleItem();

        var undecided = (await closed.ListUndecidedAsync(CancellationToken.None).ToListAsync()).ShouldHaveSingleItem();
        (await _world.Get<StatementStore>().TryCloseAsync(new(undecided.Day, undecided.Merchant, 1, [$"pay-{order}"]), latest: null, CancellationToken.None)).ShouldBeTrue();
        (await closed.TryFinishAsync(CancellationToken.None)).ShouldBeTrue();
        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();

        await _world.ShouldHavePostedOnceAsync(order, "the closed day holds it");
        (await _world.OrderAsync(order)).AdjustedDay.ShouldBeNull();
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_rates_around_midnight_each_hold_for_the_payments_of_their_own_date_and_for_their_refunds()
    {
        var registry = _world.Get<MerchantRegistry>();
        var profile = (await registry.ReadAsync(World.Merchant, CancellationToken.None)).ShouldNotBeNull();
        await _world.Tables.GetTableClient("Merchants").UpdateEntityAsync(
            profile with { Rates = profile.Rates.With(Day, new(60, 20)).With(Day.AddDays(1), new(38, 25)) },
            profile.Version, CanteenPay.Azure.Tables.TableUpdateMode.Replace);
        await _world.PassUntilAsync(At(22, 23, 59));
        var before = await PaidAsync();
        await _world.PassUntilAsync(At(23, 0, 1));
        var after = await PaidAsync();
        await _world.BankNotifiesAsync(before);
        await _world.BankNotifiesAsync(after);
        (await _world.RefundAsync(before, 1250)).Refusal.ShouldBeNull();
        await _world.PassAsync(TimeSpan.FromMinutes(1));

        var rows = await _world.PostingsAsync();
        rows.Select(row => (row.Day.Day, row.Posting.PaidDay.Day, row.Posting.RateBasisPoints, row.Posting.BankCostBasisPoints, row.Posting.Order)).ShouldBe(
            [(22, 22, 60, 20, before), (23, 23, 38, 25, after), (23, 22, 60, 20, before)]);
        (await _world.OrderAsync(before)).BankReturned.ShouldBe(new Fen(3), "all that the bank took of it: 0.2 % of 1250 fen, half up");
    }

    private static DateTimeOffset At(int day, int hour, int minute) => new(2026, 11, day, hour, minute, 0, TimeSpan.FromHours(8));

    /// <summary>An order that the bank has money for and that nobody has heard of yet: its polls are lost.</summary>
    private async Task<OrderId> PaidAsync()
    {
        var request = World.Request(at: _world.Clock.GetUtcNow());
        await _world.DeviceSaysAsync(request);
        while (_world.ServiceBus.NextDue(CanteenPay.Functions.Payments.PaymentStepQueue.Queue) is { } due)
        {
            _world.Clock.MoveTo(due);
            _world.ServiceBus.TakeDue(CanteenPay.Functions.Payments.PaymentStepQueue.Queue).ShouldNotBeNull();
        }

        _world.Bank.Pay(request.OrderId);
        return request.OrderId;
    }

    private async Task<List<string>> OperationsOfAsync(Func<Task> act)
    {
        var operations = new List<string>();
        _world.Tables.AfterOperation = operation =>
        {
            operations.Add(operation);
            return Task.CompletedTask;
        };
        await act();
        _world.Tables.AfterOperation = null;
        return operations;
    }
}
