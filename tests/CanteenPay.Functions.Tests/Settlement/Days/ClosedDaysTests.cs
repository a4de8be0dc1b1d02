using System.Globalization;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Days;

public sealed class ClosedDaysTests
{
    private static readonly DateOnly Day = new(2026, 11, 22);

    [Theory]
    [InlineData("00:00", "2026-11-23 01:30")]
    [InlineData("23:30", "2026-11-23 01:30")]
    [InlineData("01:00", "2026-11-23 01:30")]
    [InlineData("02:00", "2026-11-23 02:30")]
    public async Task A_day_is_not_closed_before_its_postings_are_certainly_there(string cutOff, string from)
    {
        using var world = new World(TimeSpan.Parse(cutOff, CultureInfo.InvariantCulture));
        var closed = world.Get<ClosedDays>();
        var instant = DateTimeOffset.Parse(from + " +08:00", CultureInfo.InvariantCulture);
        await world.PassUntilAsync(instant - TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<InvalidOperationException>(() => closed.TryCloseAsync(ClosedThrough.Nothing, Day, World.Finance, CancellationToken.None));

        await world.PassUntilAsync(instant);
        var state = (await closed.TryCloseAsync(ClosedThrough.Nothing, Day, World.Finance, CancellationToken.None)).ShouldNotBeNull();
        (state.Holds(Day), state.Holds(Day.AddDays(1)), state.IsFinal(Day)).ShouldBe((true, false, false));
    }

    [Fact]
    public async Task Of_two_who_close_at_once_one_is_told_to_look_again()
    {
        using var world = new World();
        await world.PassUntilAsync(new(2026, 11, 26, 12, 0, 0, TimeSpan.FromHours(8)));
        var closed = world.Get<ClosedDays>();
        (await closed.TryCloseAsync(ClosedThrough.Nothing, Day, World.Finance, CancellationToken.None)).ShouldNotBeNull();
        (await closed.TryCloseAsync(ClosedThrough.Nothing, Day.AddDays(1), World.Finance, CancellationToken.None)).ShouldBeNull();

        var read = await closed.ReadAsync(CancellationToken.None);
        (await closed.TryCloseAsync(read, Day.AddDays(1), World.Finance, CancellationToken.None)).ShouldNotBeNull();
        (await closed.TryCloseAsync(read, Day.AddDays(2), World.Finance, CancellationToken.None)).ShouldBeNull();
        await Should.ThrowAsync<InvalidOperationException>(async () => await closed.TryCloseAsync(await closed.ReadAsync(CancellationToken.None), Day, World.Finance, CancellationToken.None));
    }

    [Fact]
    public async Task Days_are_final_when_the_last_merchant_of_the_last_of_them_is_decided()
    {
        using var world = new World();
        await world.PassUntilAsync(new(2026, 11, 26, 12, 0, 0, TimeSpan.FromHours(8)));
        var (closed, index, statements) = (world.Get<ClosedDays>(), world.Get<DayIndex>(), world.Get<StatementStore>());
        var merchants = new[] { World.Merchant, MerchantId.Parse("DEVMERC2") };
        foreach (var merchant in merchants)
            await index.NoteAsync(Day, merchant, CancellationToken.None);
        await index.NoteAsync(Day.AddDays(2), merchants[1], CancellationToken.None);
        await index.NoteAsync(Day.AddDays(3), merchants[1], CancellationToken.None);
        await closed.TryCloseAsync(ClosedThrough.Nothing, Day.AddDays(2), World.Finance, CancellationToken.None);

        List<DayIndexRow> left = await closed.ListUndecidedAsync(CancellationToken.None).ToListAsync();
        left.Select(row => (row.Day, row.Merchant)).ShouldBe([(Day, merchants[0]), (Day, merchants[1]), (Day.AddDays(2), merchants[1])], ignoreOrder: true);
        foreach (var row in left)
        {
            (await closed.TryFinishAsync(CancellationToken.None)).ShouldBeFalse();
            (await statements.TryCloseAsync(new(row.Day, row.Merchant, 1, []), latest: null, CancellationToken.None)).ShouldBeTrue();
        }

        (await closed.TryFinishAsync(CancellationToken.None)).ShouldBeTrue();
        (await closed.ReadAsync(CancellationToken.None)).FinalThrough.ShouldBe(Day.AddDays(2));
    }

    [Fact]
    public async Task What_a_closed_day_holds_is_decided_once_and_keeps_thousands_of_keys()
    {
        using var world = new World();
        var (statements, markers) = (world.Get<StatementStore>(), world.Get<FinalMarkers>());
        var keys = Enumerable.Range(0, 8_000).Select(number => $"pay-261122DEVMERCHDEVMACH1{number:D10}").ToList();
        (await statements.TryCloseAsync(new(Day, World.Merchant, 3, keys), latest: null, CancellationToken.None)).ShouldBeTrue();

        (await statements.TryCloseAsync(new(Day, World.Merchant, 4, []), latest: null, CancellationToken.None)).ShouldBeFalse();
        var stands = (await markers.FindAsync(Day, World.Merchant, CancellationToken.None)).ShouldNotBeNull();
        (stands.Revision, stands.BelatedKeys.Count).ShouldBe((3, keys.Count));
        stands.BelatedKeys.ShouldBe(keys, ignoreOrder: true);
        Should.Throw<InvalidOperationException>(() => new FinalMarker(Day, World.Merchant, 1, [.. keys, .. keys.Select(key => "x" + key)]).ToTableEntity());
    }
}
