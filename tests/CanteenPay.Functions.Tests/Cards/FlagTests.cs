using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>What a machine approved is booked, and what somebody should look at is flagged.</summary>
public sealed class FlagTests : IDisposable
{
    private const string Lot = "subsidy-2026-11";

    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_lot_that_goes_below_zero_is_overdrawn()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 10_00);
        _journal.Tap(account, 1);

        await FlagsAreAsync(EntryFlags.None, EntryFlags.Overdrawn);
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(-1));
    }

    [Fact]
    public async Task A_tap_after_the_card_was_reported_lost_is_told_from_one_before()
    {
        var account = await _world.OpenAccountAsync(
            "ACC0VNT1", 10_00, with: account => account with { Cards = [account.Cards[0] with { State = CardState.Lost, Since = World.Noon }] });
        _journal.Tap(account, 1, entry => entry with { At = World.Noon.AddSeconds(-1) });
        _journal.Tap(account, 1, entry => entry with { At = World.Noon.AddSeconds(1) });
        _journal.Tap(account, 1, entry => entry with { CardNo = CardNo.Parse("FFFFFFFF") });

        await FlagsAreAsync(EntryFlags.None, EntryFlags.AfterLoss, EntryFlags.AfterLoss);
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(9_97), "booked all the same");
    }

    [Fact]
    public async Task A_tap_after_the_account_began_to_close_is_told_from_one_before()
    {
        var account = await _world.OpenAccountAsync(
            "ACC0VNT1", 10_00, with: account => account with { State = AccountState.Closing, StateSince = World.Noon });
        _journal.Tap(account, 1, entry => entry with { At = World.Noon.AddSeconds(-1) });
        _journal.Tap(account, 1, entry => entry with { At = World.Noon.AddSeconds(1) });

        await FlagsAreAsync(EntryFlags.None, EntryFlags.AfterClose);
    }

    [Theory]
    [InlineData(299, false)]
    [InlineData(-299, false)]
    [InlineData(301, true)]
    [InlineData(-301, true)]
    [InlineData(-400_000_000, true)]
    public async Task A_machine_whose_clock_is_off_by_more_than_five_minutes_is_flagged_by_its_word_against_the_brokers(int seconds, bool flagged)
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 1, entry => entry with { At = World.Noon.AddSeconds(seconds) });

        await _world.CardsSayAsync(_journal.Batch(sentAt: World.Noon.AddSeconds(seconds)), sentAt: World.Noon);

        (await _world.LedgerAsync()).ShouldHaveSingleItem().Entry.Flags.ShouldBe(flagged ? EntryFlags.ClockSkew : EntryFlags.None);
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(9_99));
    }

    [Fact]
    public async Task Machines_that_counted_apart_break_a_limit_visibly()
    {
        await PutRulesAsync(new SpendLimits { MealTaps = 2, DayAmount = new Fen(100) });
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 40);
        _journal.Tap(account, 40, entry => entry with { MealPeriod = Meal.Dinner });
        _journal.Tap(account, 40, entry => entry with { MealPeriod = Meal.Dinner });
        _journal.Tap(account, 40, entry => entry with { PostingDay = entry.PostingDay.AddDays(-1) });
        _journal.Tap(account, 1, entry => entry with { PostingDay = entry.PostingDay.AddDays(1) });
        _journal.Tap(account, 1, entry => entry with { PostingDay = entry.PostingDay.AddDays(1) });
        _journal.Tap(account, 1, entry => entry with { PostingDay = entry.PostingDay.AddDays(1) });

        // The fourth is of a day that is not counted any more.
        await FlagsAreAsync(
            EntryFlags.None, EntryFlags.None, EntryFlags.LimitBroken, EntryFlags.None, EntryFlags.None, EntryFlags.None, EntryFlags.LimitBroken);
    }

    [Fact]
    public async Task A_tap_that_says_it_is_still_to_come_is_flagged_whatever_the_machine_says_of_its_clock()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 1, entry => entry with { At = World.Noon.AddMinutes(5) });
        _journal.Tap(account, 1, entry => entry with { At = World.Noon.AddMinutes(6) });

        await FlagsAreAsync(EntryFlags.None, EntryFlags.ClockSkew);
    }

    [Fact]
    public async Task Typed_numbers_break_their_own_limits()
    {
        await PutRulesAsync(new SpendLimits(), typed: new SpendLimits { DayTaps = 1 });
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 1, entry => entry with { TypedUid = true });
        _journal.Tap(account, 1);
        _journal.Tap(account, 1, entry => entry with { TypedUid = true });

        await FlagsAreAsync(EntryFlags.None, EntryFlags.None, EntryFlags.LimitBroken);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -3_00)]
    public async Task A_late_meal_of_a_lots_last_day_had_not_expired_though_it_was_eaten_after_midnight(int postingDay, long balance)
    {
        var today = BusinessDay.Of(World.Noon);
        var lot = new PurseLot(Lot, Purse.Subsidy, Fen.Zero) { Expired = new Fen(3_00), ExpiredAt = World.Noon.AddMinutes(-30), ValidUntil = today.AddDays(-1) };
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00, with: account => account with { Purses = [.. account.Purses, lot] });
        _journal.Tap(account, 3_00, entry => entry with { Purse = Purse.Subsidy, Lot = Lot, PostingDay = today.AddDays(postingDay) });

        await _world.CardsSayAsync(_journal.Batch());

        (await _world.AccountAsync(account.AccountId)).Purses.Single(purse => purse.Lot == Lot).Balance.ShouldBe(new Fen(balance));
    }

    [Fact]
    public async Task A_tap_is_reversed_once_and_a_second_reversal_gives_nothing()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        var tap = _journal.Tap(account, 4_00);
        _journal.Reverse(tap);
        await _world.CardsSayAsync(_journal.Batch());
        (await _world.AccountAsync(account.AccountId)).ShouldSatisfyAllConditions(
            booked => booked.Balance.ShouldBe(new Fen(10_00)), booked => booked.Counters!.At(Meal.Lunch).ShouldBe(default));
        _journal.Reverse(tap);

        await _world.CardsSayAsync(_journal.Batch(3));
        await _world.PassAsync(TimeSpan.FromSeconds(10));

        (await _world.AccountAsync(account.AccountId)).ShouldSatisfyAllConditions(
            booked => booked.Balance.ShouldBe(new Fen(10_00)),
            booked => booked.Counters!.At(Meal.Lunch).ShouldBe(default),
            booked => booked.Applied[_journal.Key].ShouldBe(3));
        (await FlagsAsync()).ShouldBe([EntryFlags.None, EntryFlags.None, EntryFlags.SecondReversal]);
        var counter = (await CloudLinesAsync()).ShouldHaveSingleItem();
        (counter.Entry.Kind, counter.Entry.Amount, counter.Entry.BalanceAfter).ShouldBe((LedgerKind.Counter, new Fen(4_00), new Fen(10_00)));
        (await SumOfLedgerAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_reversal_in_parts_is_one_reversal_also_over_two_batches()
    {
        var account = await AccountWithLotAsync(4_00);
        var first = _journal.Tap(account, 4_00, entry => entry with { Purse = Purse.Subsidy, Lot = Lot });
        var second = _journal.Tap(account, 2_00, entry => entry with { TapId = first.TapId, Part = 1 });
        var reversal = _journal.Reverse(first);
        _journal.Reverse(second, entry => entry with { TapId = reversal.TapId });

        await _world.CardsSayAsync(_journal.Batch(1, 3));
        await _world.CardsSayAsync(_journal.Batch(4));

        _world.LastAck().Through.ShouldBe(4);
        var booked = await _world.AccountAsync(account.AccountId);
        booked.Purses.Select(lot => lot.Balance).ShouldBe(account.Purses.Select(lot => lot.Balance));
        (await FlagsAsync()).ShouldAllBe(flags => flags == EntryFlags.None);
    }

    [Fact]
    public async Task A_tap_from_before_the_expiry_takes_back_as_much_of_it_as_it_spent()
    {
        var account = await AccountWithLotAsync(0, expired: 5_00);
        _journal.Tap(account, 3_00, entry => entry with { Purse = Purse.Subsidy, Lot = Lot, At = World.Noon.AddMinutes(-1) });
        _journal.Tap(account, 3_00, entry => entry with { Purse = Purse.Subsidy, Lot = Lot, At = World.Noon.AddMinutes(-1) });
        _journal.Tap(account, 1_00, entry => entry with { Purse = Purse.Subsidy, Lot = Lot, At = World.Noon.AddMinutes(1) });

        await _world.CardsSayAsync(_journal.Batch());
        await _world.CardsSayAsync(_journal.Batch());
        await _world.PassAsync(TimeSpan.FromSeconds(10));

        var lot = (await _world.AccountAsync(account.AccountId)).Purses.Single(purse => purse.Lot == Lot);
        lot.Balance.ShouldBe(new Fen(-2_00), "what was spent beyond the lot and after its expiry");
        lot.Expired.ShouldBeNull();
        (await FlagsAsync()).ShouldBe([EntryFlags.None, EntryFlags.Overdrawn, EntryFlags.Overdrawn]);
        (await CloudLinesAsync()).Select(line => (line.Entry.Kind, line.Entry.Amount.Value, line.Entry.BalanceAfter.Value)).ShouldBe(
            [(LedgerKind.ExpiryReversal, 3_00L, 0L), (LedgerKind.ExpiryReversal, 2_00L, -1_00L)]);
        (await SumOfLedgerAsync()).ShouldBe(-2_00);
    }

    [Fact]
    public async Task Flags_are_those_of_the_accounts_that_were_booked_on_also_when_somebody_changed_one_meanwhile()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 10_00);
        var other = new Journal(World.OtherMachine);
        other.Tap(account, 1_00);
        var between = false;
        _world.Tables.BeforeOperation = async operation =>
        {
            if (!between && operation.StartsWith("Cards.Transaction", StringComparison.Ordinal))
            {
                between = true;
                await _world.CardsSayAsync(other.Batch(), World.OtherMachine);
            }
        };

        await _world.CardsSayAsync(_journal.Batch());

        (await FlagsAsync()).ShouldBe([EntryFlags.Overdrawn, EntryFlags.None]);
    }

    private async Task FlagsAreAsync(params EntryFlags[] expected)
    {
        await _world.CardsSayAsync(_journal.Batch());
        _world.Failures.ShouldBeEmpty();
        _world.LastAck().Through.ShouldBe(_journal.LastSeq);
        (await FlagsAsync()).ShouldBe(expected);
    }

    /// <summary>Of all lines of machines, in the order of their keys.</summary>
    private async Task<IReadOnlyList<EntryFlags>> FlagsAsync()
    {
        var today = BusinessDay.Of(World.Noon);
        var lines = new List<LedgerRow>();
        for (var day = today.AddDays(-1); day <= today.AddDays(1); day = day.AddDays(1))
            lines.AddRange(await _world.LedgerAsync(day));
        return [.. lines.Where(line => line.Entry.Tapped is not null).OrderBy(line => line.RowKey, StringComparer.Ordinal).Select(line => line.Entry.Flags)];
    }

    private async Task<IReadOnlyList<LedgerRow>> CloudLinesAsync() =>
        [.. (await _world.LedgerAsync()).Where(line => line.RowKey.StartsWith(CardKeys.CloudPrefix, StringComparison.Ordinal))];

    private async Task<long> SumOfLedgerAsync() => (await _world.LedgerAsync()).Sum(line => line.Entry.Change.Value);

    private Task<CardAccount> AccountWithLotAsync(long fen, long expired = 0)
    {
        var lot = new PurseLot(Lot, Purse.Subsidy, new Fen(fen)) { Expired = expired > 0 ? new Fen(expired) : null, ExpiredAt = expired > 0 ? World.Noon : null };
        return _world.OpenAccountAsync("ACC0VNT1", 10_00, with: account => account with { Purses = [.. account.Purses, lot] });
    }

    private async Task PutRulesAsync(SpendLimits limits, SpendLimits? typed = null)
    {
        var rules = new CardRules { Meals = [], TypedUid = typed, CardTypes = [new("staff", new("员工", "Staff")) { Limits = limits }] };
        var row = new RulesRow(new MachineSettings { Version = 1, MerchantId = World.Merchant, Cards = rules });
        (await _world.Cards.TryWriteAsync(new CardTransaction().Insert(row), CancellationToken.None)).ShouldNotBeNull();
    }
}
