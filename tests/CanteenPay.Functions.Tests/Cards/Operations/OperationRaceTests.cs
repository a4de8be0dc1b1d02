using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>Others at work on the same account, the same key, the same tap.</summary>
public sealed class OperationRaceTests : IDisposable
{
    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Two_operations_at_once_on_one_account_both_count()
    {
        var account = await _world.HolderAsync();
        BeforeNextTransaction(() => _world.OfficeAsync("topup-second", new TopUp(new Fen(2_00)), account.AccountId));

        await _world.OfficeAsync("topup-first", new TopUp(new Fen(1_00)), account.AccountId);

        await BalancesAsync(account, 103_00);
    }

    [Fact]
    public async Task One_operation_that_is_asked_for_twice_at_once_counts_once()
    {
        var account = await _world.HolderAsync();
        BeforeNextTransaction(() => _world.OfficeAsync("topup-first", new TopUp(new Fen(1_00)), account.AccountId), skip: 1);

        var answer = await _world.OfficeAsync("topup-first", new TopUp(new Fen(1_00)), account.AccountId);

        answer.Row.IsFinished.ShouldBeTrue();
        await BalancesAsync(account, 101_00);
    }

    [Fact]
    public async Task A_refusal_that_is_overtaken_by_its_own_success_is_the_success()
    {
        var account = await _world.HolderAsync();
        var found = new ReportFound(account.Cards[0].No);
        // While the first asks, and is about to be refused, the card is reported lost and the second asks with the same key.
        BeforeNextTransaction(
            async () =>
            {
                await _world.OfficeAsync("lost-0001", new ReportLost(account.Cards[0].No), account.AccountId);
                (await _world.OfficeAsync("found-0001", found, account.AccountId)).Refused.ShouldBeNull();
            },
            skip: 1);

        (await _world.OfficeAsync("found-0001", found, account.AccountId)).Refused.ShouldBeNull();

        (await _world.AccountAsync(account.AccountId)).Cards[0].State.ShouldBe(CardState.Active);
    }

    [Fact]
    public async Task A_number_is_issued_once_also_to_two_at_once()
    {
        await _world.HolderAsync(cardNo: "0A0B0C0D");
        var card = CardNo.Parse("0A0B0C0E");
        BeforeNextTransaction(() => _world.OfficeAsync("open-second", new OpenAccount(card, "staff")), skip: 1);

        var first = await _world.OfficeAsync("open-first", new OpenAccount(card, "staff"));

        first.Refused!.Code.ShouldBe(OperationRefusal.CardTaken);
        (await _world.Cards.AccountAsync(World.Merchant, first.Row.Account, CancellationToken.None)).ShouldBeNull("an account without a card was never opened");
    }

    [Fact]
    public async Task A_machine_that_books_while_the_office_tops_up_loses_nothing()
    {
        var account = await _world.HolderAsync();
        _journal.Tap(account, 12_50);
        BeforeNextTransaction(() => _world.CardsSayAsync(_journal.Batch()), skip: 1);

        await _world.OfficeAsync("topup-first", new TopUp(new Fen(1_00)), account.AccountId);

        await BalancesAsync(account, 88_50);
    }

    [Fact]
    public async Task A_tap_that_the_machine_takes_back_first_is_not_taken_back_by_the_office()
    {
        var account = await _world.HolderAsync();
        var tap = _journal.Tap(account, 12_50);
        await _world.CardsSayAsync(_journal.Batch());
        _journal.Reverse(tap);
        BeforeNextTransaction(() => _world.CardsSayAsync(_journal.Batch(first: 2)), skip: 1);

        var answer = await _world.OfficeAsync("reverse-tap-1", Reverse(tap), account.AccountId);

        answer.Refused!.Code.ShouldBe(OperationRefusal.AlreadyReversed);
        await BalancesAsync(account, 100_00);
    }

    [Fact]
    public async Task A_tap_that_the_office_took_back_first_is_countered_when_the_machine_takes_it_back_too()
    {
        var account = await _world.HolderAsync();
        var tap = _journal.Tap(account, 12_50);
        await _world.CardsSayAsync(_journal.Batch());
        _journal.Reverse(tap);

        (await _world.OfficeAsync("reverse-tap-1", Reverse(tap), account.AccountId)).Refused.ShouldBeNull();
        await _world.CardsSayAsync(_journal.Batch(first: 2));
        (await _world.OfficeAsync("reverse-tap-2", Reverse(tap), account.AccountId)).Refused!.Code.ShouldBe(OperationRefusal.AlreadyReversed);

        await BalancesAsync(account, 100_00);
        (await _world.LedgerAsync()).Select(line => line.Entry.Kind).ShouldContain(LedgerKind.Counter);
    }

    [Fact]
    public async Task Half_of_a_tap_is_not_taken_back()
    {
        var account = await _world.HolderAsync();
        await _world.OfficeAsync("grant-0001", new GrantSubsidy(new Fen(5_00)), account.AccountId);
        var first = _journal.Tap(account, 5_00, part => part with { Purse = Purse.Subsidy, Lot = "grant-0001", BalanceAfter = Fen.Zero });
        _journal.Tap(account, 7_50, part => part with { TapId = first.TapId, Part = 1 });
        await _world.CardsSayAsync(_journal.Batch(last: 1));

        (await _world.OfficeAsync("reverse-tap-1", Reverse(first), account.AccountId)).Refused!.Code.ShouldBe(OperationRefusal.NotReversible);
        await _world.CardsSayAsync(_journal.Batch(first: 2));
        (await _world.OfficeAsync("reverse-tap-2", Reverse(_journal.Entries[1]), account.AccountId)).Refused.ShouldBeNull();

        await BalancesAsync(account, 105_00);
        var after = await _world.AccountAsync(account.AccountId);
        after.Counters!.Total.ShouldBe(default(Spent), "limits forget what was taken back");
        after.Purses.Select(lot => lot.Balance.Value).ShouldBe([100_00L, 5_00L]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_last_booked_tap_of_a_journal_of_which_nothing_more_comes_is_taken_back(bool isReleased)
    {
        var account = await _world.HolderAsync();
        var tap = _journal.Tap(account, 12_50);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch(last: 1));
        var cursor = (await _world.Cards.CursorAsync(World.Merchant, _journal.Device, _journal.Epoch, CancellationToken.None)).ShouldNotBeNull();
        cursor.LastSeq.ShouldBeGreaterThan(cursor.Through);
        var journals = _world.Get<CanteenPay.Functions.Cards.Journals>();
        await (isReleased ? journals.ReleaseAsync(cursor, CancellationToken.None) : journals.EndAsync(cursor, CancellationToken.None));

        (await _world.OfficeAsync("reverse-tap-1", Reverse(tap), account.AccountId)).Refused.ShouldBeNull();

        await BalancesAsync(account, 100_00);
    }

    [Fact]
    public async Task A_tap_of_another_account_is_not_taken_back()
    {
        var account = await _world.HolderAsync();
        var other = await _world.HolderAsync(cardNo: "0A0B0C0E");
        var tap = _journal.Tap(account, 12_50);
        await _world.CardsSayAsync(_journal.Batch());

        (await _world.OfficeAsync("reverse-tap-1", Reverse(tap), other.AccountId)).Refused!.Code.ShouldBe(OperationRefusal.NotReversible);
        (await _world.OfficeAsync("reverse-tap-2", Reverse(tap) with { Seq = 9 }, account.AccountId)).Refused!.Code.ShouldBe(OperationRefusal.NotReversible);
        await BalancesAsync(account, 87_50);
    }

    private ReverseTap Reverse(CardEntry tap) => new(tap.PostingDay, _journal.Device, _journal.Epoch, tap.Seq);

    private async Task BalancesAsync(CardAccount account, long fen)
    {
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(fen));
        var loop = await _world.ClosedLoopAsync();
        loop.IsClosed.ShouldBeTrue(loop.ToString());
    }

    /// <summary>Once, before a transaction on the cards; the header of an operation is one too, and is skipped by 1.</summary>
    private void BeforeNextTransaction(Func<Task> doAsync, int skip = 0)
    {
        var seen = 0;
        _world.Tables.BeforeOperation = async operation =>
        {
            if (!operation.StartsWith("Cards.Transaction", StringComparison.Ordinal) || seen++ != skip)
                return;
            await doAsync();
        };
    }
}
