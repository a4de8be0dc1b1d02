using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Reports;

/// <summary>The night's check sees one fen.</summary>
public sealed class ClosedLoopTests : IAsyncLifetime
{
    private readonly World _world = new();
    private readonly Journal _journal = new();
    private CardAccount _account = null!;

    public async Task InitializeAsync()
    {
        _account = await _world.HolderAsync();
        await _world.OfficeAsync("grant-0001", new GrantSubsidy(new Fen(30_00)), _account.AccountId);
        var tap = _journal.Tap(_account, 12_50);
        _journal.Tap(_account, 2_00);
        _journal.Reverse(tap);
        await _world.CardsSayAsync(_journal.Batch());
    }

    public Task DisposeAsync()
    {
        _world.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_came_in_less_what_went_out_is_what_the_accounts_hold()
    {
        var loop = await _world.ClosedLoopAsync();

        (loop.IsClosed, loop.Difference, loop.Balance, loop.Accounts, loop.Lines).ShouldBe((true, Fen.Zero, new Fen(128_00), 1, 5L));
        loop.Kinds.Select(kind => (kind.Kind, kind.Amount.Value)).ShouldBe(
            [(LedgerKind.Debit, 14_50L), (LedgerKind.Reversal, 12_50L), (LedgerKind.TopUp, 100_00L), (LedgerKind.Subsidy, 30_00L)]);
        (await _world.Cards.FindAsync<LoopRow>(World.Merchant, LoopRow.Key(new(2026, 11, 22)), CancellationToken.None)).ShouldNotBeNull()
            .Result.Kinds.ShouldBe(loop.Kinds);
    }

    [Theory]
    [InlineData("machine")]
    [InlineData("cloud")]
    [InlineData("account")]
    public async Task A_difference_of_one_fen_is_reported_with_its_account(string where)
    {
        if (where == "account")
            await _world.PutAsync((await _world.AccountAsync(_account.AccountId)) with { Purses = [new(PurseLot.Cash, Purse.Cash, new Fen(128_01))] });
        else
            await TamperAsync(where == "machine" ? CardKeys.Entry(_journal.Device, _journal.Epoch, 2) : CardKeys.CloudEntry("grant-0001", 0), row => row["Amount"] = row.GetInt64("Amount") - 1);

        var loop = await _world.ClosedLoopAsync();

        loop.IsClosed.ShouldBeFalse();
        loop.Difference.ShouldBe(new Fen(where == "machine" ? -1 : 1));
        loop.Differing.ShouldHaveSingleItem().AccountId.ShouldBe(_account.AccountId);
    }

    [Fact]
    public async Task Differences_that_even_out_between_accounts_are_seen()
    {
        var other = await _world.HolderAsync(cashFen: 50_00, cardNo: "0A0B0C0E");
        await _world.PutAsync((await _world.AccountAsync(_account.AccountId)) with { Purses = [new(PurseLot.Cash, Purse.Cash, new Fen(128_01))] });
        await _world.PutAsync((await _world.AccountAsync(other.AccountId)) with { Purses = [new(PurseLot.Cash, Purse.Cash, new Fen(49_99))] });

        var loop = await _world.ClosedLoopAsync();

        (loop.IsClosed, loop.Difference, loop.DifferingAccounts).ShouldBe((false, Fen.Zero, 2));
    }

    [Fact]
    public async Task A_line_that_is_gone_is_missed_by_name()
    {
        var ledger = _world.Tables.GetTableClient(CardKeys.Entries);
        var partition = CardKeys.LedgerPartition(World.Merchant, new(2026, 11, 22));
        await ledger.DeleteEntityAsync(partition, CardKeys.Entry(_journal.Device, _journal.Epoch, 2));
        await ledger.DeleteEntityAsync(partition, CardKeys.CloudEntry("grant-0001", 0));

        var loop = await _world.ClosedLoopAsync();

        loop.Holes.ShouldHaveSingleItem().ShouldBe($"{_journal.Key}: 2 of 3");
        loop.Missing.ShouldHaveSingleItem().ShouldBe("cloud-grant-0001.0");
        loop.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Rows_beyond_a_cursor_and_of_operations_that_never_moved_money_are_not_counted()
    {
        var beyond = _journal.Tap(_account, 99);
        var line = new LedgerEntry
        {
            AccountId = _account.AccountId,
            Kind = LedgerKind.Debit,
            Purse = Purse.Cash,
            Lot = PurseLot.Cash,
            Amount = new Fen(99),
            BalanceAfter = Fen.Zero,
            At = World.Noon,
            PostingDay = new(2026, 11, 22),
            Tapped = beyond,
            Hash = _journal.HashAt(4),
        };
        var ledger = _world.Tables.GetTableClient(CardKeys.Entries);
        await ledger.AddEntityAsync(new LedgerRow(World.Merchant, CardKeys.Entry(_journal.Device, _journal.Epoch, 4), line));
        await ledger.AddEntityAsync(new LedgerRow(
            World.Merchant, CardKeys.CloudEntry("never-done", 0), line with { Kind = LedgerKind.TopUp, Tapped = null, Hash = null, Operation = "never-done" }));

        var loop = await _world.ClosedLoopAsync();

        (loop.IsClosed, loop.Lines).ShouldBe((true, 5L));
    }

    [Fact]
    public async Task What_a_killed_operation_still_owes_the_ledger_counts_as_written()
    {
        _world.Tables.AfterOperation = operation => operation.StartsWith("Cards.Transaction DEVMERCH/3", StringComparison.Ordinal) ? throw new Killed(operation) : Task.CompletedTask;
        (await _world.TryOfficeAsync("topup-killed", new TopUp(new Fen(5_00)), _account.AccountId)).ShouldBeNull();
        _world.Tables.AfterOperation = null;
        (await _world.LedgerAsync()).ShouldNotContain(line => line.Entry.Operation == "topup-killed");
        // The sweep wakes the feed and completes the operation; the check comes in between.
        await _world.Get<FeedAdvance>().AdvanceAsync(World.Merchant, CancellationToken.None);

        var loop = await _world.ClosedLoopAsync();

        (loop.IsClosed, loop.Balance).ShouldBe((true, new Fen(133_00)));
        await _world.PassAsync(TimeSpan.FromMinutes(4));
        await _world.SweepAsync();
        (await _world.LedgerAsync()).ShouldContain(line => line.Entry.Operation == "topup-killed");
        (await _world.ClosedLoopAsync()).Lines.ShouldBe(loop.Lines);
    }

    [Fact]
    public async Task It_begins_anew_when_the_feed_moves_and_says_so_when_it_moves_on_and_on()
    {
        await _world.PassAsync(TimeSpan.FromSeconds(20));
        var moves = 1;
        var topUps = 0;
        _world.Tables.AfterOperation = async operation =>
        {
            if (moves == 0 || !operation.StartsWith("CardEntries.Query", StringComparison.Ordinal))
                return;
            moves--;
            var left = moves;
            moves = 0;
            await _world.OfficeAsync($"meanwhile-{++topUps}", new TopUp(new Fen(1)), _account.AccountId);
            await _world.PassAsync(TimeSpan.FromSeconds(10));
            moves = left;
        };

        var loop = await _world.ClosedLoopAsync();
        (loop.IsClosed, loop.Balance, topUps).ShouldBe((true, new Fen(128_01), 1));

        moves = 1000;
        var restless = await _world.ClosedLoopAsync();
        (restless.IsSettled, restless.IsClosed).ShouldBe((false, false));
        topUps.ShouldBe(7, "six attempts, and it is left");
    }

    [Fact]
    public async Task The_night_sends_for_a_check_of_each_merchant_and_it_is_made()
    {
        await _world.PassAsync(TimeSpan.FromSeconds(20));

        await _world.Get<Night>().RunAsync(new CanteenPay.Azure.Functions.TimerInfo(), CancellationToken.None);
        await _world.PassAsync(TimeSpan.FromSeconds(1));

        _world.Failures.ShouldBeEmpty();
        (await _world.Cards.FindAsync<LoopRow>(World.Merchant, LoopRow.Key(new(2026, 11, 22)), CancellationToken.None)).ShouldNotBeNull().Result.IsClosed.ShouldBeTrue();
    }

    private async Task TamperAsync(string rowKey, Action<TableEntity> change)
    {
        var ledger = _world.Tables.GetTableClient(CardKeys.Entries);
        var row = await ledger.GetEntityAsync<TableEntity>(CardKeys.LedgerPartition(World.Merchant, new(2026, 11, 22)), rowKey);
        change(row);
        await ledger.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
    }
}
