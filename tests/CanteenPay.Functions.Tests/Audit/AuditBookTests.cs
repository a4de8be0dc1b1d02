using Azure;
using CanteenPay.Functions.Audit;

namespace CanteenPay.Functions.Tests.Audit;

/// <summary>Many who write at once, and instances that are killed.</summary>
public sealed class AuditBookTests
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task What_waits_together_is_kept_together()
    {
        var book = _world.Instance();
        var transactions = 0;
        var first = new TaskCompletionSource();
        _world.Tables.BeforeOperation = async operation =>
        {
            if (operation.StartsWith("Audit.Transaction", StringComparison.Ordinal) && Interlocked.Increment(ref transactions) == 1)
                await first.Task;
        };

        var all = Enumerable.Range(0, 101).Select(number => book.AddAsync(AuditWorld.Entry(AuditWorld.Request(number)), CancellationToken.None)).ToList();
        first.SetResult();
        await Task.WhenAll(all);

        transactions.ShouldBe(3, "one alone, and a hundred in two");
        (await _world.RowsAsync()).Select(row => row.Entry.Request).ShouldBe(Enumerable.Range(0, 101).Select(AuditWorld.Request));
        (await _world.CheckAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Instances_that_write_at_once_make_one_chain()
    {
        _world.Tables.BeforeOperation = async _ => await Task.Yield();
        AuditBook[] instances = [_world.Instance(), _world.Instance(), _world.Instance()];

        await Task.WhenAll(Enumerable.Range(0, 150).Select(number =>
            Task.Run(() => instances[number % 3].AddAsync(AuditWorld.Entry(AuditWorld.Request(number)), CancellationToken.None))));

        (await _world.RowsAsync()).Select(row => row.Entry.Request).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 150).Select(AuditWorld.Request));
        (await _world.CheckAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Wherever_an_instance_is_killed_what_it_said_was_kept_is_there_once_and_the_chain_is_whole()
    {
        for (var step = 1; step < 40; step++)
        {
            var world = new AuditWorld();
            await world.AddAsync(2);
            world.Clock.Now = World.Noon.AddDays(1);
            var isDead = await KillAsync(world, step);
            await world.AddAsync(1);

            foreach (var day in (int[])[0, 1])
                (await world.CheckAsync(AuditWorld.Today.AddDays(day))).Findings.ShouldBeEmpty($"killed at step {step}");
            (await world.RowsAsync()).Count.ShouldBe(2);
            if (!isDead)
                return;
        }

        throw new InvalidOperationException("40 steps were not enough.");
    }

    [Fact]
    public async Task Wherever_an_instance_is_killed_who_comes_two_days_later_writes_under_their_own_day()
    {
        for (var step = 0; step < 40; step++)
        {
            var world = new AuditWorld();
            await world.AddAsync(step % 2);
            world.Clock.Now = World.Noon.AddDays(1);
            var isDead = await KillAsync(world, step);
            world.Clock.Now = World.Noon.AddDays(3);
            await world.AddAsync(1);

            (await world.RowsAsync(AuditWorld.Today.AddDays(3))).Count.ShouldBe(1, $"killed at step {step}");
            for (var day = 0; day <= 3; day++)
                (await world.CheckAsync(AuditWorld.Today.AddDays(day))).Findings.ShouldBeEmpty($"day {day}, killed at step {step}");
            if (!isDead)
                return;
        }

        throw new InvalidOperationException("40 steps were not enough.");
    }

    [Fact]
    public async Task An_answer_that_was_lost_does_not_keep_an_entry_twice()
    {
        await _world.AddAsync(1);
        var lost = 0;
        _world.Tables.AfterOperation = operation => operation.StartsWith("Audit.Transaction", StringComparison.Ordinal) && ++lost == 1
            ? throw new RequestFailedException(0, "The connection broke.")
            : Task.CompletedTask;

        await _world.AddAsync(2);

        (await _world.RowsAsync()).Count.ShouldBe(3);
        (await _world.CheckAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_cannot_be_kept_is_told_and_the_next_is_kept()
    {
        var book = _world.Instance();
        _world.Tables.BeforeOperation = _ => throw new RequestFailedException(503, "busy");

        await Should.ThrowAsync<AuditException>(() => _world.AddAsync(1, book));
        _world.Tables.BeforeOperation = null;
        await _world.AddAsync(1, book);

        (await _world.RowsAsync()).Count.ShouldBe(1);
        (await _world.CheckAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_gave_up_waiting_is_not_kept_without_a_use()
    {
        var book = _world.Instance();
        var first = new TaskCompletionSource();
        var isFirst = true;
        _world.Tables.BeforeOperation = async operation =>
        {
            if (isFirst && operation.StartsWith("Audit.Transaction", StringComparison.Ordinal))
            {
                isFirst = false;
                await first.Task;
            }
        };
        using var hungUp = new CancellationTokenSource();
        var writing = book.AddAsync(AuditWorld.Entry("writing"), CancellationToken.None);
        var waiting = book.AddAsync(AuditWorld.Entry("hung up"), hungUp.Token);
        var patient = book.AddAsync(AuditWorld.Entry("patient"), CancellationToken.None);

        await hungUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        first.SetResult();
        await Task.WhenAll(writing, patient);

        (await _world.RowsAsync()).Select(row => row.Entry.Request).ShouldBe(["writing", "patient"]);
    }

    [Fact]
    public async Task An_instance_whose_clock_is_behind_adds_to_the_day_that_has_begun()
    {
        var behind = new MovableClock(World.Noon);
        var late = _world.Instance(behind);
        await _world.AddAsync(1, late);
        _world.Clock.Now = World.Noon.AddDays(1);
        await _world.AddAsync(1);

        await _world.AddAsync(1, late);

        (await _world.RowsAsync()).Count.ShouldBe(1);
        (await _world.RowsAsync(AuditWorld.Today.AddDays(1))).Count.ShouldBe(2);
        (await _world.CheckAsync()).Findings.ShouldBeEmpty();
        (await _world.CheckAsync(AuditWorld.Today.AddDays(1))).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Days_on_which_nobody_did_anything_are_passed_over()
    {
        await _world.AddAsync(1);
        _world.Clock.Now = World.Noon.AddDays(40);
        await _world.AddAsync(1);

        (await _world.CheckAsync(AuditWorld.Today.AddDays(40))).ShouldSatisfyAllConditions(
            verdict => verdict.Findings.ShouldBeEmpty(),
            verdict => verdict.Entries.ShouldBe(1));
    }

    /// <summary>An instance adds an entry of a new day and dies at its n-th I/O; whether it came to that.</summary>
    private static async Task<bool> KillAsync(AuditWorld world, int step)
    {
        var taken = 0;
        world.Tables.BeforeOperation = _ => taken >= step ? throw new Killed("its death") : Task.CompletedTask;
        world.Tables.AfterOperation = operation => ++taken == step ? throw new Killed(operation) : Task.CompletedTask;
        try
        {
            await world.AddAsync(1);
            return false;
        }
        catch (AuditException)
        {
            return true;
        }
        finally
        {
            (world.Tables.BeforeOperation, world.Tables.AfterOperation) = (null, null);
        }
    }
}
