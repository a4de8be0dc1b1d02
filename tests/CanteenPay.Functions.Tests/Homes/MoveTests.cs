using System.Text;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Homes;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Tests.Cards;
using CanteenPay.Protocol;
using CanteenPay.TableAdmin;
using CanteenPay.TableAdmin.Moving;

namespace CanteenPay.Functions.Tests.Homes;

/// <summary>A merchant moves to another storage account: its business goes on there as if nothing had been.</summary>
public sealed class MoveTests : IDisposable
{
    private readonly World _world = new(homes: HomesTests.Main);
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Business_goes_on_in_the_new_account_as_it_would_have_in_the_old_one()
    {
        var (moved, stayed) = (await ADayAsync(_world, moves: true), new World(homes: HomesTests.Main));
        using (stayed)
            (await ADayAsync(stayed, moves: false)).ShouldBe(moved);
    }

    [Fact]
    public async Task A_move_goes_back_the_same_way()
    {
        await BusinessAsync(_world, _journal);
        await Move().SwitchAsync(Nothing, default);
        using var there = new World(homes: HomesTests.Other, before: _world);
        await HomesTests.PaidAsync(there);

        await Move(back: true).SwitchAsync(Nothing, default);

        await ShouldBeAlikeAsync();
        using var again = new World(homes: HomesTests.Main, before: there);
        await HomesTests.PaidAsync(again);
        again.Failures.ShouldBeEmpty();
        using var old = new World(homes: HomesTests.Other, before: again);
        await old.DeviceSaysAsync(World.Request(at: old.Clock.GetUtcNow()));
        old.Failures.ShouldNotBeEmpty();
        old.Failures.ShouldAllBe(failure => failure is HomeException);
    }

    [Fact]
    public async Task What_changed_and_what_went_since_the_first_copy_is_so_in_the_new_account_too()
    {
        await BusinessAsync(_world, _journal);
        await Move().CopyAsync(Nothing, default);
        (await HomesTests.RowsAsync(_world.Elsewhere, "Cards")).ShouldContain(row => row.RowKey.StartsWith("chg-", StringComparison.Ordinal));
        await _world.PassAsync(TimeSpan.FromSeconds(20));
        _journal.Tap(await _world.AccountAsync(AccountId.Parse("ACC0VNT1")), 3_00);
        await _world.CardsSayAsync(_journal.Batch(first: 2));
        await _world.PassAsync(TimeSpan.FromSeconds(20));

        await Move().SwitchAsync(Nothing, default);

        await ShouldBeAlikeAsync();
        (await HomesTests.RowsAsync(_world.Elsewhere, "Cards")).ShouldNotContain(row => row.RowKey.StartsWith("chg-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_copy_touches_nothing_where_the_merchant_lives_nor_what_is_of_others()
    {
        await BusinessAsync(_world, _journal);
        await _world.OpenAccountAsync("ACC0VNT2", 50_00, "0A0B0C0E", merchant: World.OtherMerchant);
        _world.Tables.BeforeOperation = operation => operation.Contains(".Query", StringComparison.Ordinal) || operation.Contains(".Get", StringComparison.Ordinal)
            ? Task.CompletedTask
            : throw new InvalidOperationException(operation);

        (await Move().CopyAsync(Nothing, default)).ShouldBeGreaterThan(0);
        (await Move().CopyAsync(Nothing, default)).ShouldBe(0);

        _world.Tables.BeforeOperation = null;
        foreach (var book in HomedTables.Books)
            (await HomesTests.RowsAsync(_world.Elsewhere, book)).ShouldAllBe(row => row.PartitionKey.StartsWith(World.Merchant.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_switch_that_is_killed_after_any_write_goes_on_and_nobody_writes_meanwhile()
    {
        for (var killAfter = 1; ; killAfter++)
        {
            using var world = new World(homes: HomesTests.Main);
            await BusinessAsync(world, new());
            var (writes, killed) = (0, false);
            Task CountAsync(string operation)
            {
                if (operation.Contains(".Query", StringComparison.Ordinal) || operation.Contains(".Get", StringComparison.Ordinal) || ++writes != killAfter)
                    return Task.CompletedTask;
                killed = true;
                throw new Killed(operation);
            }

            (world.Tables.AfterOperation, world.Elsewhere.AfterOperation) = (CountAsync, CountAsync);
            try
            {
                await Move(world).SwitchAsync(Nothing, default);
            }
            catch (Killed)
            {
                using var early = new World(homes: HomesTests.Main, before: world);
                await early.DeviceSaysAsync(World.Request());
                early.Failures.ShouldNotBeEmpty($"killed after write {killAfter}, the old account is closed");
            }

            (world.Tables.AfterOperation, world.Elsewhere.AfterOperation) = (null, null);
            if (!killed)
            {
                killAfter.ShouldBeGreaterThan(5);
                break;
            }

            await Move(world).SwitchAsync(Nothing, default);
            await ShouldBeAlikeAsync(world);
            using var there = new World(homes: HomesTests.Other, before: world);
            await HomesTests.PaidAsync(there);
            there.Failures.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Somebody_who_still_writes_is_noticed_and_the_merchant_stays_where_it_lived()
    {
        await BusinessAsync(_world, _journal);
        var looks = 0;
        // Once when it copies, once when it looks whether anybody wrote since.
        _world.Tables.BeforeOperation = async operation =>
        {
            if (operation.StartsWith("Orders.Query", StringComparison.Ordinal) && ++looks == 2)
                await _world.Tables.GetTableClient("CardEntries").AddEntityAsync(new TableEntity($"{World.Merchant}-20261122", "late") { ["Amount"] = 1L });
        };

        var refused = await Should.ThrowAsync<AdminException>(() => Move().SwitchAsync(Nothing, default));

        refused.Message.ShouldContain("CardEntries DEVMERCH-20261122 late");
        _world.Tables.BeforeOperation = null;
        using var goesOn = new World(homes: HomesTests.Main, before: _world);
        await HomesTests.PaidAsync(goesOn);
        goesOn.Failures.ShouldBeEmpty();
        using var early = new World(homes: HomesTests.Other, before: _world);
        await early.DeviceSaysAsync(World.Request(at: early.Clock.GetUtcNow()));
        early.Failures.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_merchant_that_went_elsewhere_is_not_moved_from_where_it_lived()
    {
        await BusinessAsync(_world, _journal);
        await Move().SwitchAsync(Nothing, default);
        var third = new MerchantMove(World.Merchant, _world.Tables, _world.Elsewhere, "third", _world.Clock) { Pause = TimeSpan.Zero };

        (await Should.ThrowAsync<AdminException>(() => third.CopyAsync(Nothing, default))).Message.ShouldContain("'other'");
        (await Should.ThrowAsync<AdminException>(() => third.SwitchAsync(Nothing, default))).Message.ShouldContain("'other'");
    }

    /// <summary>A morning of business, a move or none, an afternoon, and the night's settling: what the books say then.</summary>
    private static async Task<string> ADayAsync(World world, bool moves)
    {
        var journal = new Journal();
        await world.TermsAsync(World.Merchant, 60, 20);
        var morning = await BusinessAsync(world, journal);
        World? after = null;
        if (moves)
        {
            await Move(world).CopyAsync(Nothing, default);
            await Move(world).SwitchAsync(Nothing, default);
            after = new World(homes: HomesTests.Other, before: world);
        }

        using (after)
        {
            var now = after ?? world;
            var account = await now.AccountAsync(AccountId.Parse("ACC0VNT1"));
            journal.Tap(account, 4_00);
            await now.CardsSayAsync(journal.Batch(first: 2));
            now.LastAck().ShouldSatisfyAllConditions(ack => ack.Through.ShouldBe(2), ack => ack.Restart.ShouldBeFalse());
            (await now.RefundAsync(morning, 5_00)).Refusal.ShouldBeNull();
            await HomesTests.PaidAsync(now);
            await now.PassAsync(TimeSpan.FromSeconds(60));
            (await now.OrderAsync(morning)).State.ShouldBe(OrderState.PartlyRefunded);
            await now.SettleNightAsync(World.Today);
            now.Failures.ShouldBeEmpty();
            var statement = (await now.Statements.ReadAsync(World.Merchant, World.Today, default)).Latest.ShouldNotBeNull().Statement;
            var balance = (await now.AccountAsync(AccountId.Parse("ACC0VNT1"))).Balance;
            var lines = string.Join(' ', (await now.LedgerAsync()).Select(line => $"{line.RowKey}={line.Entry.Change.Value}"));
            return $"{statement.PaymentCount} paid, {statement.RefundCount} given back, gross {statement.Gross}, refunds {statement.Refunds}, payable {statement.Payable}, balance {balance}, {lines}";
        }
    }

    private static async Task<OrderId> BusinessAsync(World world, Journal journal)
    {
        var order = await HomesTests.PaidAsync(world);
        journal.Tap(await world.OpenAccountAsync("ACC0VNT1", 100_00), 12_50);
        await world.CardsSayAsync(journal.Batch());
        world.Failures.ShouldBeEmpty();
        return order;
    }

    private MerchantMove Move(bool back = false) => Move(_world, back);

    private static MerchantMove Move(World world, bool back = false) =>
        new(World.Merchant, back ? world.Elsewhere : world.Tables, back ? world.Tables : world.Elsewhere, back ? "main" : "other", world.Clock) { Pause = TimeSpan.Zero };

    private static void Nothing(MoveProgress progress)
    {
    }

    private Task ShouldBeAlikeAsync() => ShouldBeAlikeAsync(_world);

    private static async Task ShouldBeAlikeAsync(World world)
    {
        foreach (var book in HomedTables.Books)
        {
            var (here, there) = (await HomesTests.RowsAsync(world.Tables, book), await HomesTests.RowsAsync(world.Elsewhere, book));
            there.Select(Text).ShouldBe(here.Select(Text), book);
        }
    }

    private static string Text(TableEntity row) => Encoding.UTF8.GetString(RowText.Write(row));
}
