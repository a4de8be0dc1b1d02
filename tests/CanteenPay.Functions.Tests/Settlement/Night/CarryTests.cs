using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Night;

/// <summary>Goal: what a merchant paid back more than it took is seen, handed on and never lost. Method: days one after another, also out of their order and at once.</summary>
public sealed class CarryTests : IDisposable
{
    private static readonly DateOnly First = World.Today, Second = First.AddDays(1), Third = First.AddDays(2);

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_negative_day_is_carried_over_a_day_without_business_until_it_is_made_up_for()
    {
        await RefundOnlyAsync(First, 1000);
        // Another merchant makes the second a day.
        await _world.PostAsync(World.OtherMerchant, Second, _world.Paid(World.OtherMerchant, Second, 500));
        await _world.SettleNightAsync(First);
        await _world.SettleNightAsync(Second);
        await _world.PostAsync(World.Merchant, Third, _world.Paid(World.Merchant, Third, 3000, rate: 0, bank: 0));
        await _world.SettleNightAsync(Third);

        (await FiguresAsync(First)).ShouldBe((new(-994), Fen.Zero, Fen.Zero, new(-994)));
        (await FiguresAsync(Second)).ShouldBe((Fen.Zero, new(-994), Fen.Zero, new(-994)), "visible on a day without business of its own");
        (await FiguresAsync(Third)).ShouldBe((new(3000), new(-994), new(2006), Fen.Zero));
        (await CarriedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task When_an_earlier_day_changes_what_it_carries_the_next_open_day_follows()
    {
        await RefundOnlyAsync(First, 1000);
        await _world.SettleNightAsync(First);
        await _world.PostAsync(World.Merchant, Second, _world.Paid(World.Merchant, Second, 3000, rate: 0, bank: 0));
        await _world.SettleNightAsync(Second);
        await _world.PostAsync(World.Merchant, First, _world.Paid(World.Merchant, First, 400, rate: 0, bank: 0));

        await _world.SettleAsync(World.Merchant, First);
        await _world.SettleSentAsync();

        (await FiguresAsync(Second)).ShouldBe((new(3000), new(-594), new(2406), Fen.Zero));
        var revisions = await _world.Statements.RevisionsAsync(World.Merchant, Second, CancellationToken.None);
        revisions[^1].Reason.ShouldBe(RevisionReason.Carried);
        revisions[^1].Changes.Select(change => change.Field).ShouldBe(["carriedIn", "paidOut"]);
    }

    [Fact]
    public async Task A_day_that_gets_its_first_statement_between_two_others_takes_its_place_in_the_chain()
    {
        await RefundOnlyAsync(First, 1000);
        await _world.SettleNightAsync(First);
        await _world.PostAsync(World.Merchant, Third, _world.Paid(World.Merchant, Third, 3000, rate: 0, bank: 0));
        await _world.SettleNightAsync(Third);
        await RefundOnlyAsync(Second, 500);

        await _world.SettleAsync(World.Merchant, Second);
        await _world.SettleSentAsync();

        (await FiguresAsync(Second)).CarriedIn.ShouldBe(new(-994));
        (await FiguresAsync(Third)).CarriedIn.ShouldBe((await FiguresAsync(Second)).CarriedOut);
    }

    [Fact]
    public async Task Neighbouring_days_settled_at_once_agree_whenever_the_one_overtakes_the_other()
    {
        var step = 1;
        for (var met = true; met; step++)
        {
            using var world = new World();
            await RefundOnlyAsync(world, First, 1000);
            await world.PostAsync(World.Merchant, Second, world.Paid(World.Merchant, Second, 3000, rate: 0, bank: 0));
            met = await world.AtStepAsync(step, () => world.SettleAsync(World.Merchant, Second), () => world.SettleAsync(World.Merchant, First));
            if (!met)
                break;
            await world.SettleSentAsync();

            var (first, second) = (await world.StatementAsync(World.Merchant, First), await world.StatementAsync(World.Merchant, Second));
            second.Statement.CarriedIn.ShouldBe(first.Statement.CarriedOut, $"overtaken at I/O {step}");
            (await world.IndexedAsync(World.Merchant, Second)).IsDue.ShouldBeFalse($"overtaken at I/O {step}");
            world.Failures.ShouldBeEmpty();
        }

        step.ShouldBeGreaterThan(10, "there was something to overtake at");
    }

    [Fact]
    public async Task The_same_day_settled_twice_at_once_has_each_posting_in_its_last_revision_and_none_too_many()
    {
        var step = 1;
        for (var met = true; met; step++)
        {
            using var world = new World();
            await world.PostAsync(World.Merchant, First, world.Paid(World.Merchant, First, 1000));
            await world.SettleNightAsync(First);
            await world.PostAsync(World.Merchant, First, world.Paid(World.Merchant, First, 500));
            met = await world.AtStepAsync(
                step,
                () => world.SettleAsync(World.Merchant, First),
                async () =>
                {
                    await world.PostAsync(World.Merchant, First, world.Paid(World.Merchant, First, 250));
                    await world.SettleAsync(World.Merchant, First);
                });

            var revisions = await world.Statements.RevisionsAsync(World.Merchant, First, CancellationToken.None);
            revisions[^1].Statement.Gross.ShouldBe(met ? new(1750) : new(1500), $"overtaken at I/O {step}");
            revisions.Count.ShouldBeLessThanOrEqualTo(3, $"overtaken at I/O {step}");
            revisions.Count(row => row.IsLatest).ShouldBe(1);
            revisions.Zip(revisions.Skip(1)).ShouldAllBe(pair => pair.First.Statement.Gross < pair.Second.Statement.Gross);
            (await world.IndexedAsync(World.Merchant, First)).ShouldSatisfyAllConditions(row => row.IsDue.ShouldBeFalse(), row => row.Revision.ShouldBe(revisions.Count));
            world.Failures.ShouldBeEmpty();
        }

        step.ShouldBeGreaterThan(10, "there was something to overtake at");
    }

    private Task RefundOnlyAsync(DateOnly day, long fen) => RefundOnlyAsync(_world, day, fen);

    /// <summary>What was paid days before goes back: the whole, at 0.6 %.</summary>
    private static Task RefundOnlyAsync(World world, DateOnly day, long fen) =>
        world.PostAsync(World.Merchant, day, World.Returned(world.Paid(World.Merchant, day.AddDays(-5), fen), day, fen));

    private async Task<(Fen Payable, Fen CarriedIn, Fen PaidOut, Fen CarriedOut)> FiguresAsync(DateOnly day)
    {
        var statement = (await _world.StatementAsync(World.Merchant, day)).Statement;
        return (statement.Payable, statement.CarriedIn, statement.PaidOut, statement.CarriedOut);
    }

    private async Task<IReadOnlyList<MerchantId>> CarriedAsync() =>
        await _world.Get<CanteenPay.Functions.Settlement.Night.CarriedMerchants>().ListAsync(CancellationToken.None).Select(row => row.Merchant).ToListAsync();
}
