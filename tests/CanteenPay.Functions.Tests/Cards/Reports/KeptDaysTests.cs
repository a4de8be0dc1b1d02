using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Reports;

/// <summary>The night does not read what it has read, and trusts it only as long as nothing came to it.</summary>
public sealed class KeptDaysTests : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 11, 22);

    private readonly World _world = new();
    private readonly Journal _journal = new();
    private readonly List<string> _reads = [];
    private CardAccount _account = null!;

    public async Task InitializeAsync()
    {
        _account = await _world.HolderAsync();
        await _world.OfficeAsync("grant-0001", new GrantSubsidy(new Fen(30_00)), _account.AccountId);
        _journal.Tap(_account, 12_50);
        await _world.CardsSayAsync(_journal.Batch());
    }

    public Task DisposeAsync()
    {
        _world.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_day_is_kept_when_it_is_older_than_45_days_and_then_not_read_again()
    {
        await _world.PassAsync(TimeSpan.FromDays(45));
        var young = await _world.ClosedLoopAsync();
        (await SumAsync()).ShouldBeNull();
        await _world.PassAsync(TimeSpan.FromDays(1));

        var read = await _world.ClosedLoopAsync();
        (await SumAsync()).ShouldNotBeNull().Sum.ShouldNotBeNull().Accounts[_account.AccountId.Value].ShouldBe(new Fen(117_50));
        Record();
        var kept = await _world.ClosedLoopAsync();

        foreach (var loop in new[] { young, read, kept })
            (loop.IsClosed, loop.Lines, loop.Balance, loop.Entries).ShouldBe((true, 3L, new Fen(117_50), new Fen(117_50)), loop.ToString());
        kept.Kinds.ShouldBe(young.Kinds);
        var ledger = _reads.Where(query => query.StartsWith("CardEntries.Query", StringComparison.Ordinal)).ShouldHaveSingleItem();
        ledger.ShouldContain("DEVMERCH-20261123", customMessage: "from the day after the kept one");
        _reads.ShouldContain(query => query.Contains("Day ge '20261123'", StringComparison.Ordinal), "operations of kept days are not read either");
    }

    [Fact]
    public async Task Accounts_are_compared_one_by_one_with_kept_days_too()
    {
        var other = await _world.HolderAsync(cashFen: 50_00, cardNo: "0A0B0C0E");
        await _world.PassAsync(TimeSpan.FromDays(46));
        (await _world.ClosedLoopAsync()).IsClosed.ShouldBeTrue();
        await _world.PutAsync((await _world.AccountAsync(_account.AccountId)) with { Purses = [new(PurseLot.Cash, Purse.Cash, new Fen(117_51))] });
        await _world.PutAsync((await _world.AccountAsync(other.AccountId)) with { Purses = [new(PurseLot.Cash, Purse.Cash, new Fen(49_99))] });

        var loop = await _world.ClosedLoopAsync();

        (loop.IsClosed, loop.Difference, loop.DifferingAccounts).ShouldBe((false, Fen.Zero, 2));
    }

    [Fact]
    public async Task What_a_machine_sends_late_of_a_kept_day_is_read_with_the_day_and_kept_anew()
    {
        await _world.PassAsync(TimeSpan.FromDays(50));
        await _world.ClosedLoopAsync();
        _journal.Tap(_account, 7_00);
        await _world.CardsSayAsync(_journal.Batch(first: 2, sentAt: _world.Clock.GetUtcNow()));
        _world.LastAck().Through.ShouldBe(2);
        (await SumAsync()).ShouldNotBeNull().Sum.ShouldBeNull();

        var late = await _world.ClosedLoopAsync();

        (late.IsClosed, late.Lines, late.Balance).ShouldBe((true, 4L, new Fen(110_50)), late.ToString());
        (await SumAsync()).ShouldNotBeNull().Sum.ShouldNotBeNull().Lines.ShouldBe(4);
        (await _world.ClosedLoopAsync()).ShouldSatisfyAllConditions(loop => loop.IsClosed.ShouldBeTrue(), loop => loop.Lines.ShouldBe(4));
    }

    [Fact]
    public async Task A_late_day_between_kept_days_that_never_had_a_line_is_read()
    {
        await _world.PassAsync(TimeSpan.FromDays(50));
        await _world.ClosedLoopAsync();
        _journal.Tap(_account, 7_00, tap => tap with { PostingDay = Day.AddDays(-3), At = World.Noon.AddDays(-3) });
        await _world.CardsSayAsync(_journal.Batch(first: 2, sentAt: _world.Clock.GetUtcNow()));

        var loop = await _world.ClosedLoopAsync();

        (loop.IsClosed, loop.Lines).ShouldBe((true, 4L), loop.ToString());
        (await SumAsync(Day.AddDays(-3))).ShouldNotBeNull().Sum.ShouldNotBeNull().Lines.ShouldBe(1);
    }

    [Fact]
    public async Task A_sum_of_what_was_read_before_a_booking_is_not_kept_after_it()
    {
        var kept = _world.Get<KeptDays>();
        var read = await kept.ReadAsync(World.Merchant, _ => { }, CancellationToken.None);
        await _world.PassAsync(TimeSpan.FromDays(50));
        _journal.Tap(_account, 7_00);
        await _world.CardsSayAsync(_journal.Batch(first: 2, sentAt: _world.Clock.GetUtcNow()));

        await kept.KeepAsync(World.Merchant, read, [(Day, new())], CancellationToken.None);

        (await SumAsync()).ShouldNotBeNull().Sum.ShouldBeNull();
    }

    [Fact]
    public async Task A_day_of_which_an_operation_is_not_finished_is_kept_when_it_is()
    {
        _world.Tables.AfterOperation = operation => operation.StartsWith("Cards.Transaction DEVMERCH/3", StringComparison.Ordinal) ? throw new Killed(operation) : Task.CompletedTask;
        (await _world.TryOfficeAsync("topup-killed", new TopUp(new Fen(5_00)), _account.AccountId)).ShouldBeNull();
        _world.Tables.AfterOperation = null;
        await _world.Get<FeedAdvance>().AdvanceAsync(World.Merchant, CancellationToken.None);
        await _world.PassAsync(TimeSpan.FromDays(50));

        (await _world.ClosedLoopAsync()).IsClosed.ShouldBeTrue();
        (await SumAsync()).ShouldNotBeNull().Sum.ShouldBeNull();
        await _world.SweepAsync();
        (await _world.ClosedLoopAsync()).IsClosed.ShouldBeTrue();
        (await SumAsync()).ShouldNotBeNull().Sum.ShouldNotBeNull().Lines.ShouldBe(4);
        (await _world.ClosedLoopAsync()).Lines.ShouldBe(4);
    }

    [Fact]
    public void A_batch_of_many_old_days_leaves_room_for_the_rows_that_say_so()
    {
        var entries = Enumerable.Range(0, 90).Select(day => _journal.Tap(_account, 1, tap => tap with { PostingDay = Day.AddDays(-100 - day) })).ToList();
        var many = entries.Select((entry, index) => entry with { AccountId = AccountId.Parse($"AAAA{index:D4}") }).ToList();

        BatchRules.Fitting(entries).ShouldBe(90);
        var fits = BatchRules.Fitting(many);

        (fits + fits + 3).ShouldBeLessThanOrEqualTo(CardTransaction.MaxRows);
        fits.ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task Flagged_lines_are_counted_by_day_and_flag()
    {
        _journal.Tap(_account, 200_00);
        _journal.Tap(_account, 1_00, tap => tap with { PostingDay = Day.AddDays(-1) });
        _journal.Tap(_account, 1_00, tap => tap with { PostingDay = Day.AddDays(-8) });
        await _world.CardsSayAsync(_journal.Batch(first: 2));

        var loop = await _world.ClosedLoopAsync();

        loop.IsClosed.ShouldBeTrue(loop.ToString());
        loop.Flagged.Where(flagged => flagged.Flag == EntryFlags.Overdrawn).Select(flagged => (flagged.Day, flagged.Lines)).ShouldBe([(Day.AddDays(-1), 1), (Day, 1)]);
    }

    private Task<DaySumRow?> SumAsync(DateOnly? day = null) =>
        _world.Cards.FindAsync<DaySumRow>(World.Merchant, DaySumRow.Prefix + BusinessDay.Key(day ?? Day), CancellationToken.None);

    private void Record() => _world.Tables.AfterOperation = operation =>
    {
        _reads.Add(operation);
        return Task.CompletedTask;
    };
}
