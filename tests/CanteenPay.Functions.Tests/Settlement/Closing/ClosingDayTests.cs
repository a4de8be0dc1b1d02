using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Closing;

/// <summary>Goal: a closed day never changes, and nothing is lost or counted twice while it is being closed. Method: closings, with everything that may come in between.</summary>
public sealed class ClosingDayTests : IDisposable
{
    private static readonly DateOnly First = World.Today, Second = First.AddDays(1);

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
        (await _world.CloseAsync(First)).ShouldBe(CanteenPay.Functions.Settlement.Closing.ClosingAnswer.Again);
    }

    [Fact]
    public async Task Whoever_read_before_the_closing_cannot_write_after_it()
    {
        var step = 1;
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
            });

            if (met)
                (await world.StatementAsync(World.Merchant, First)).ShouldSatisfyAllConditions(row => row.Statement.Gross.ShouldBe(new(1000), $"at I/O {step}"), row => row.IsFinal.ShouldBeTrue());
        }

        step.ShouldBeGreaterThan(8, "there was something to overtake at");
    }

    [Fact]
    public async Task A_posting_that_comes_at_any_moment_of_a_closing_counts_once()
    {
        var (step, inside, after) = (1, 0, 0);
        for (var met = true; met; step++)
        {
            using var world = new World();
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

            met = await world.AtStepAsync(step, CloseAsync, async () => isDone = await TryPostAsync(world, late));
            for (var tries = 0; !isDone && tries < 3; tries++)
                isDone = await TryPostAsync(world, late);
            isDone.ShouldBeTrue($"at I/O {step}");

            var isInside = (await world.StatementAsync(World.Merchant, First)).Statement.Gross == new Fen(1500);
            var isAfter = await world.Get<PostingStore>().FindAsync(World.Merchant, Second, PostingKeys.Adjusted(late.Key), CancellationToken.None) is not null;
            isAfter.ShouldBe(!isInside, $"posted at I/O {step}");
            (inside, after) = (inside + (isInside ? 1 : 0), after + (isAfter ? 1 : 0));
        }

        inside.ShouldBeGreaterThan(3);
        after.ShouldBeGreaterThan(3);
    }

    /// <summary>The order of steps in which payments post, see <c>Postings/README.md</c>. False while the day is being closed.</summary>
    private static async Task<bool> TryPostAsync(World world, Posting posting)
    {
        var index = world.DayIndex;
        await index.NoteAsync(First, World.Merchant, CancellationToken.None);
        await world.Get<PostingStore>().InsertAsync(new(World.Merchant, First, posting with { IsBelated = true }), CancellationToken.None);
        if (!(await world.Get<ClosedDays>().ReadAsync(CancellationToken.None)).Holds(First))
        {
            await index.MarkDueAsync(First, World.Merchant, CancellationToken.None);
            return true;
        }

        if (await world.Get<FinalMarkers>().FindAsync(First, World.Merchant, CancellationToken.None) is not { } marker)
            return false;
        if (!marker.Holds(posting with { IsBelated = true }))
            await world.PostAsync(World.Merchant, Second, posting with { Key = PostingKeys.Adjusted(posting.Key) });
        return true;
    }
}
