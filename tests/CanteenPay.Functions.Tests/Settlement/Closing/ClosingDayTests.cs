using System.Globalization;
using CanteenPay.Functions.Settlement.Closing;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Closing;

/// <summary>Goal: a closed day never changes, and nothing is lost or counted twice while it is being closed. Method: closings, with everything that may come in between.</summary>
public sealed class ClosingDayTests : IDisposable
{
    private static readonly DateOnly First = World.Today, Second = First.AddDays(1), Third = First.AddDays(2), Fourth = First.AddDays(3);

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Days_are_closed_one_after_another_when_they_are_over_and_settled()
    {
        (await _world.CloseAsync(First)).Code.ShouldBe("not-over");
        await _world.PostAsync(World.Merchant, First, _world.Paid(World.Merchant, First, 1000));
        _world.Clock.MoveTo(DayHours.CompleteFrom(First, TimeSpan.Zero));
        (await _world.CloseAsync(First)).Code.ShouldBe("not-settled");
        await _world.SettleNightAsync(First);
        await _world.PostAsync(World.Merchant, Second, _world.Paid(World.Merchant, Second, 1000));
        await _world.SettleNightAsync(Second);
        (await _world.CloseAsync(Second)).Code.ShouldBe("earlier-open");
        (await _world.CloseAsync(First.AddDays(-1))).Code.ShouldBe("no-business");
        await _world.PostAsync(World.Merchant, First, _world.Paid(World.Merchant, First, 84));
        (await _world.CloseAsync(First)).Code.ShouldBe("due");
        await _world.SettleAsync(World.Merchant, First);

        (await _world.CloseAsync(First)).Code.ShouldBeNull();
        (await _world.CloseAsync(Second)).Code.ShouldBe("closing", "what the first day holds is not decided yet");
        await _world.SettleSentAsync();
        await _world.SettleSweepAsync();
        (await _world.CloseAsync(Second)).Code.ShouldBeNull();
    }

    [Fact]
    public async Task A_closed_day_stays_as_it_is_whoever_settles_it_again()
    {
        await _world.PostAsync(World.Merchant, First, _world.Paid(World.Merchant, First, 1000));
        await _world.SettleNightAsync(First);
        await _world.CloseWholeAsync(First);
        (await _world.StatementAsync(World.Merchant, First)).IsFinal.ShouldBeTrue();
        var before = await _world.SettlementRowsAsync();

        await _world.SettleAsync(World.Merchant, First);
        await _world.SettleNightAsync(Second);
        await _world.SettleSweepAsync(TimeSpan.FromMinutes(30));

        (await _world.SettlementRowsAsync()).ShouldBe(before);
        (await _world.CloseAsync(First)).ShouldBe(ClosingAnswer.Again);
    }

    [Fact]
    public async Task Whoever_read_before_the_closing_cannot_write_after_it()
    {
        var (step, tooLate) = (1, 0);
        for (var met = true; met; step++)
        {
            using var world = new World();
            await world.PostAsync(World.Merchant, First, world.Paid(World.Merchant, First, 1000));
            await world.SettleNightAsync(First);
            var late = world.Paid(World.Merchant, First, 500);
            met = await world.AtStepAsync(step, () => world.SettleAsync(World.Merchant, First), async () =>
            {
                await world.CloseWholeAsync(First);
                // Written and not yet asked about: whoever reads it now must not count it.
                await world.Get<PostingStore>().InsertAsync(new(World.Merchant, First, late with { IsBelated = true }), CancellationToken.None);
                await world.CardLineAsync(World.Merchant, First, 2000);
            });

            var sheet = await world.Statements.ReadAsync(World.Merchant, First, CancellationToken.None);
            tooLate += sheet.CardTotals.Count;
            if (!met)
                break;
            sheet.LatestCards.ShouldBeNull($"at I/O {step}: there was no card money when the day was closed");
            (await world.Statements.LatestCardsAsync(First, CancellationToken.None).ToListAsync()).ShouldBeEmpty();
            (await world.IndexedAsync(World.Merchant, First)).CardRevision.ShouldBe(0);
            (await world.StatementAsync(World.Merchant, First)).ShouldSatisfyAllConditions(row => row.Statement.Gross.ShouldBe(new(1000), $"at I/O {step}"), row => row.IsFinal.ShouldBeTrue());
        }

        step.ShouldBeGreaterThan(8, "there was something to overtake at");
        tooLate.ShouldBeGreaterThan(0, "somebody did write card totals after the closing");
    }

    [Theory]
    [InlineData("00:00")]
    [InlineData("02:00")]
    [InlineData("23:30")]
    public async Task A_posting_that_comes_at_any_moment_of_a_closing_counts_once(string cutOff)
    {
        var (step, inside, after) = (1, 0, 0);
        for (var met = true; met; step++)
        {
            using var world = new World(TimeSpan.Parse(cutOff, CultureInfo.InvariantCulture));
            await world.PostAsync(World.Merchant, First, world.Paid(World.Merchant, First, 1000));
            await world.SettleNightAsync(First);
            var late = world.Paid(World.Merchant, First, 500);
            var isDone = false;
            async Task CloseAsync()
            {
                // It was seen to be due: finance waits for it, and closes then.
                if ((await world.CloseAsync(First)).Code == "due")
                    await world.SettleAsync(World.Merchant, First);
                await world.CloseWholeAsync(First);
            }

            met = await world.AtStepAsync(step, CloseAsync, async () => isDone = await TryPostAsync(world, First, late));
            for (var tries = 0; !isDone && tries < 3; tries++)
                isDone = await TryPostAsync(world, First, late);
            isDone.ShouldBeTrue($"at I/O {step}");

            var isInside = (await world.StatementAsync(World.Merchant, First)).Statement.Gross == new Fen(1500);
            var isAfter = await world.Get<PostingStore>().FindAsync(World.Merchant, Second, PostingKeys.Adjusted(late.Key), CancellationToken.None) is not null;
            isAfter.ShouldBe(!isInside, $"posted at I/O {step}");
            (inside, after) = (inside + (isInside ? 1 : 0), after + (isAfter ? 1 : 0));
        }

        inside.ShouldBeGreaterThan(3);
        after.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task What_is_found_late_for_a_day_without_business_before_the_one_that_is_closed_is_handed_to_it()
    {
        var (step, before, after) = (1, 0, 0);
        for (var met = true; met; step++)
        {
            using var world = new World();
            await world.PostAsync(World.Merchant, First, world.Paid(World.Merchant, First, 1000));
            await world.SettleNightAsync(First);
            await world.CloseWholeAsync(First);
            await world.PostAsync(World.Merchant, Third, world.Paid(World.Merchant, Third, 300, rate: 0, bank: 0));
            await world.SettleNightAsync(Third);
            var late = World.Returned(world.Paid(World.Merchant, First.AddDays(-5), 1000), Second, 1000);
            var isDone = false;
            met = await world.AtStepAsync(step, () => CloseAtLastAsync(world, Third), async () => isDone = await TryPostAsync(world, Second, late));
            for (var tries = 0; !isDone && tries < 3; tries++)
                isDone = await TryPostAsync(world, Second, late);
            isDone.ShouldBeTrue($"at I/O {step}");
            await world.PostAsync(World.Merchant, Fourth, world.Paid(World.Merchant, Fourth, 3000, rate: 0, bank: 0));
            await world.SettleNightAsync(Fourth);

            var days = new List<Statement>();
            foreach (var day in new[] { Second, Third, Fourth })
            {
                if (await world.Statements.FindAsync(World.Merchant, day, CancellationToken.None) is { } row)
                    days.Add(row.Statement);
            }

            days.Sum(day => day.RefundCount).ShouldBe(1, $"found at I/O {step}");
            days.Aggregate(Fen.Zero, (sum, day) => sum + day.PaidOut).ShouldBe(new(3300 - 994), $"found at I/O {step}");
            foreach (var (one, next) in days.Zip(days.Skip(1)))
                next.CarriedIn.ShouldBe(one.CarriedOut, $"found at I/O {step}: {one.Day} before {next.Day}");
            (before, after) = (before + (days[0].Day == Second ? 1 : 0), after + (days[0].Day == Second ? 0 : 1));
        }

        Math.Min(before, after).ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task The_files_of_every_day_that_becomes_final_are_sent_for_whoever_dies()
    {
        var killAfter = 1;
        for (var met = true; met; killAfter++)
        {
            using var world = new World();
            foreach (var day in new[] { First, Second })
            {
                await world.PostAsync(World.Merchant, day, world.Paid(World.Merchant, day, 1000));
                await world.SettleNightAsync(day);
            }

            // Both at once, as when a day had its first business while the next one was just being closed.
            (await world.Get<ClosedDays>().TryCloseAsync(ClosedThrough.Nothing, Second, World.Finance, CancellationToken.None)).ShouldNotBeNull();
            foreach (var day in new[] { First, Second })
                await world.SettleAsync(World.Merchant, day);
            await world.SettlePassAsync(TimeSpan.FromMinutes(1));
            world.Exports.Exported.Clear();

            var killed = world.KillAfter(killAfter);
            await world.SettleSweepAsync();
            met = killed();
            world.NobodyIsKilled();
            await world.SettleSweepAsync();
            await world.SettlePassAsync(TimeSpan.FromMinutes(1));

            var state = await world.Get<ClosedDays>().ReadAsync(CancellationToken.None);
            (state.FinalThrough, state.ExportedThrough).ShouldBe((Second, Second), $"killed after I/O {killAfter}");
            world.Exports.Exported.Distinct().ShouldBe([First, Second], ignoreOrder: true, $"killed after I/O {killAfter}");
            (await world.Get<ClosingDesk>().FindAsync(Second, ClosedThrough.Nothing with { Through = Third }, CancellationToken.None))!.By.ShouldBe(World.Finance);
        }

        killAfter.ShouldBeGreaterThan(6);
    }

    /// <summary>Finance asks until a day is closed, and does meanwhile what it is told to.</summary>
    private static async Task CloseAtLastAsync(World world, DateOnly day)
    {
        for (var tries = 0; (await world.CloseAsync(day)).Code is { } code; tries++)
        {
            tries.ShouldBeLessThan(8, code);
            await world.SettleSentAsync();
            await world.SettleSweepAsync(TimeSpan.FromMinutes(21));
            if (code == "earlier-open")
                await world.CloseAsync(day.AddDays(-1));
        }

        for (var sweeps = 0; sweeps < 3; sweeps++)
        {
            await world.SettleSentAsync();
            await world.SettleSweepAsync(TimeSpan.FromMinutes(6));
        }
    }

    /// <summary>The order of steps in which payments post, see <c>Postings/README.md</c>. False while the day is being closed.</summary>
    private static async Task<bool> TryPostAsync(World world, DateOnly day, Posting posting)
    {
        var index = world.DayIndex;
        await index.NoteAsync(day, World.Merchant, CancellationToken.None);
        await world.Get<PostingStore>().InsertAsync(new(World.Merchant, day, posting with { IsBelated = true }), CancellationToken.None);
        var state = await world.Get<ClosedDays>().ReadAsync(CancellationToken.None);
        if (!state.Holds(day))
        {
            await index.MarkDueAsync(day, World.Merchant, CancellationToken.None);
            return true;
        }

        var marker = await world.Get<FinalMarkers>().FindAsync(day, World.Merchant, CancellationToken.None);
        if (marker is null && state.IsFinal(day))
            (await world.Statements.TryCloseAsync(marker = new(day, World.Merchant, 0, []), latest: null, CancellationToken.None)).ShouldBeTrue();
        if (marker is null)
            return false;
        if (!marker.Holds(posting with { IsBelated = true }))
            await world.PostAsync(World.Merchant, state.Through!.Value.AddDays(1), posting with { Key = PostingKeys.Adjusted(posting.Key) });
        return true;
    }
}
