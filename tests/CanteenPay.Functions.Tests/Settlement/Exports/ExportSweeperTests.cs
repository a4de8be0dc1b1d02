using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Goal: files that nobody makes any more are made nevertheless, and a closed day is never held back by what came after it.</summary>
public sealed class ExportSweeperTests
{
    [Fact]
    public async Task What_came_after_a_day_was_closed_for_good_neither_holds_its_files_back_nor_makes_new_ones()
    {
        using var desk = await DeskAsync();
        await desk.CloseAsync(SampleDay.Day, SampleDay.Day);
        await desk.World.DayIndex.MarkDueAsync(SampleDay.Day, World.Merchant, CancellationToken.None);
        await desk.World.DayIndex.NoteAsync(SampleDay.Day, World.OtherMerchant, CancellationToken.None);

        await desk.RunAsync();

        var edition = (await CompleteAsync(desk)).ShouldNotBeNull();
        (edition.State, edition.Totals.Statements).ShouldBe(("closed", 1));
        await desk.World.DayIndex.NoteAsync(SampleDay.Day, MerchantId.Parse("1ATEMRCH"), CancellationToken.None);
        await desk.RunAsync();
        (await desk.Editions.ListAsync(SampleDay.Day, CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_day_that_is_being_closed_has_no_edition_before_all_of_it_is_final()
    {
        using var desk = await DeskAsync();
        await desk.CloseAsync(SampleDay.Day, final: null);

        await desk.RunAsync();

        (await desk.Editions.ListAsync(SampleDay.Day, CancellationToken.None)).ShouldBeEmpty();
        desk.World.Log.ShouldContain(line => line.StartsWith("2353 ", StringComparison.Ordinal) && line.Contains("being closed", StringComparison.Ordinal));
        await desk.CloseAsync(SampleDay.Day, SampleDay.Day);
        await desk.RunAsync();
        (await CompleteAsync(desk)).ShouldNotBeNull().State.ShouldBe("closed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_day_whose_export_was_lost_is_sent_for_once_it_has_been_behind_for_a_while(bool isClosed)
    {
        using var desk = await DeskAsync();
        if (isClosed)
            await desk.CloseAsync(SampleDay.Day, SampleDay.Day);

        await desk.Sweeper.SweepAsync(desk.World.Clock.GetUtcNow(), CancellationToken.None);
        desk.Sent().ShouldBeEmpty("its message may be on the way");
        await PaceAsync(desk);

        desk.Sent().ShouldBe([SettlementTask.Export]);
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        (await CompleteAsync(desk)).ShouldNotBeNull();
        await desk.SweepTwiceAsync();
        desk.Sent().ShouldBeEmpty("nothing is behind");
    }

    [Fact]
    public async Task A_day_whose_files_become_more_is_left_to_whoever_makes_them()
    {
        using var desk = await DeskAsync();
        await desk.Sweeper.SweepAsync(desk.World.Clock.GetUtcNow(), CancellationToken.None);
        await desk.Editions.AddFilesAsync(new(SampleDay.Day, World.Merchant, 1, []), CancellationToken.None);

        await PaceAsync(desk);
        desk.Sent().ShouldBeEmpty();
        await PaceAsync(desk);

        desk.Sent().ShouldBe([SettlementTask.Export]);
    }

    [Fact]
    public async Task A_complete_edition_whose_delivery_was_never_begun_gets_one()
    {
        using var desk = await DeskAsync();
        desk.World.Tables.AfterOperation = operation => operation.StartsWith("Settlements.Update", StringComparison.Ordinal) ? throw new IOException("The process is gone.") : Task.CompletedTask;
        await Should.ThrowAsync<IOException>(desk.RunAsync);
        desk.World.Tables.AfterOperation = null;
        (await CompleteAsync(desk)).ShouldNotBeNull();
        (await desk.DeliveryAsync()).ShouldBeNull();

        await desk.SweepTwiceAsync();
        await desk.PassAsync(TimeSpan.FromMinutes(1));

        desk.Told.ShouldHaveSingleItem();
        (await desk.DeliveryAsync())!.State.ShouldBe(DeliveryState.Delivered);
    }

    private static async Task PaceAsync(ExportDesk desk)
    {
        desk.World.Clock.MoveTo(desk.World.Clock.GetUtcNow() + ExportSweeper.Pace);
        await desk.Sweeper.SweepAsync(desk.World.Clock.GetUtcNow(), CancellationToken.None);
    }

    private static Task<EditionRow?> CompleteAsync(ExportDesk desk) => desk.Editions.CompleteAsync(SampleDay.Day, CancellationToken.None);

    private static async Task<ExportDesk> DeskAsync()
    {
        var desk = new ExportDesk();
        await desk.SettleAsync(World.Merchant, SampleDay.Postings(3));
        await desk.World.DayIndex.MarkFannedOutAsync(SampleDay.Day, CancellationToken.None);
        return desk;
    }
}
