using System.Net;
using System.Text.Json;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Tests.Settlement.Exports;

namespace CanteenPay.Functions.Tests.Settlement.Delivery;

/// <summary>Goal: finance's system is told of each edition until it has taken it, or a person is.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task An_edition_is_told_once_with_links_that_are_good_for_a_week()
    {
        using var desk = await DeskAsync();

        await desk.RunAsync();
        await desk.PassAsync(TimeSpan.FromMinutes(30));

        var (id, body) = desk.Told.ShouldHaveSingleItem();
        var notice = JsonSerializer.Deserialize(body, ExportsJson.Default.EditionNotice).ShouldNotBeNull();
        (id, notice.EventId, notice.Date, notice.Revision, notice.State).ShouldBe(("settlement-20261121-r1", id, SampleDay.Day, 1, "provisional"));
        notice.Totals.Payments.ShouldBe(20);
        notice.Files[^1].Name.ShouldBe("index-20261121-r1.json");
        foreach (var file in notice.Files)
        {
            var link = file.Url;
            link.Host.ShouldBe("pay.example.com");
            var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(link.Query);
            desk.Links.Read("2026-11-21", link.Segments[^1], query["expires"], query["signature"]).ShouldNotBeNull().ToString().ShouldBe(file.Name);
            desk.Files.All.ContainsKey(Path(file.Name)).ShouldBeTrue(file.Name);
        }

        (await desk.DeliveryAsync())!.State.ShouldBe(DeliveryState.Delivered);
        (await OpenAsync(desk)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_with_the_same_words_until_it_is()
    {
        using var desk = await DeskAsync();
        desk.Answer = asked => asked < 4 ? HttpStatusCode.InternalServerError : HttpStatusCode.NoContent;

        await desk.RunAsync();
        await desk.PassAsync(TimeSpan.FromHours(1));

        desk.Told.Count.ShouldBe(5);
        desk.Told.Distinct().ShouldHaveSingleItem();
        (await desk.DeliveryAsync())!.ShouldSatisfyAllConditions(row => row.State.ShouldBe(DeliveryState.Delivered), row => row.Tries.ShouldBe(5));
    }

    [Fact]
    public async Task What_nobody_takes_for_a_day_is_parked_for_a_person_after_sixteen_tries()
    {
        using var desk = await DeskAsync();
        desk.Answer = _ => HttpStatusCode.Found;

        await desk.RunAsync();
        await desk.PassAsync(TimeSpan.FromHours(26));

        desk.Told.Count.ShouldBe(16);
        (await desk.DeliveryAsync())!.State.ShouldBe(DeliveryState.Parked);
        (await desk.World.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain("302");
        (await OpenAsync(desk)).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_is_lost_is_made_up_for_by_the_sweep()
    {
        using var desk = await DeskAsync();
        await desk.RunAsync();
        while (desk.World.ServiceBus.TakeDue(Functions.Settlement.Night.SettlementQueue.Queue) is not null)
            desk.Told.ShouldBeEmpty();

        await desk.PassAsync(TimeSpan.FromMinutes(5));

        desk.Told.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_edition_that_a_later_one_overtook_is_not_told_any_more()
    {
        using var desk = await DeskAsync();
        desk.Answer = asked => asked == 0 ? HttpStatusCode.BadGateway : HttpStatusCode.OK;
        await desk.RunAsync();
        await desk.PassAsync(TimeSpan.Zero);
        await desk.SettleAsync(World.Merchant, [SampleDay.Payment(900, 5_000)]);

        await desk.RunAsync();
        await desk.PassAsync(TimeSpan.FromMinutes(10));

        desk.Told.Select(told => told.Event).ShouldBe(["settlement-20261121-r1", "settlement-20261121-r2"]);
        (await desk.DeliveryAsync(1))!.State.ShouldBe(DeliveryState.Superseded);
        (await desk.DeliveryAsync(2))!.State.ShouldBe(DeliveryState.Delivered);
    }

    [Fact]
    public void Sixteen_tries_within_a_day_each_later_than_the_one_before()
    {
        var first = new DateTimeOffset(2026, 11, 22, 6, 0, 0, TimeSpan.FromHours(8));
        var due = Enumerable.Range(0, DeliverySchedule.Tries).Select(done => DeliverySchedule.Next(first, done, first)!.Value).ToList();

        due.Count.ShouldBe(16);
        due[0].ShouldBe(first);
        due[^1].ShouldBe(first.AddHours(24));
        due.ShouldBe(due.Distinct().Order());
        DeliverySchedule.Next(first, 16, first).ShouldBeNull();
        DeliverySchedule.Next(first, 3, first.AddHours(30)).ShouldBe(first.AddHours(30).AddMinutes(1), "what is behind is not sent at once again");
    }

    [Theory]
    [InlineData("2026-11-22T02:00:00+08:00", "2026-11-22T06:00:00+08:00")]
    [InlineData("2026-11-22T15:00:00+08:00", "2026-11-22T15:00:00+08:00")]
    public void Nothing_is_sent_before_the_hour_of_delivery(string now, string due) =>
        DeliverySchedule.First(SampleDay.Day, TimeSpan.FromHours(6), DateTimeOffset.Parse(now)).ShouldBe(DateTimeOffset.Parse(due));

    [Fact]
    public async Task A_link_is_good_until_it_expires_and_for_nobody_who_changed_it()
    {
        using var desk = await DeskAsync();
        var now = desk.World.Clock.GetUtcNow();
        var name = new ExportName(ExportKind.Index, SampleDay.Day, 1, FileFormat.Json);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(desk.Links.To(name, now.AddDays(7)).Query);
        var (expires, signature) = (query["expires"].ToString(), query["signature"].ToString());
        ExportName? Read(string? date = "2026-11-21", string? file = null, string? until = null, string? signed = null) =>
            desk.Links.Read(date!, file ?? name.ToString(), until ?? expires, signed ?? signature);

        Read().ShouldBe(name);
        foreach (var (what, read) in (IEnumerable<(string, ExportName?)>)[
            ("another date", Read(date: "2026-11-22")), ("another name", Read(file: "index-20261121-r2.json")), ("somebody's file", Read(file: "DEVMERCH-20261121-r1.csv")),
            ("a later end", Read(until: (long.Parse(expires) + 1).ToString())), ("a sign", Read(until: "+" + expires)), ("no signature", Read(signed: "")),
            ("another signature", Read(signed: "A" + signature[1..] == signature ? "B" + signature[1..] : "A" + signature[1..])), ("padding", Read(signed: signature + "="))])
        {
            read.ShouldBeNull(what);
        }

        new SignedLinks(new(null, [], TimeSpan.Zero), desk.World.Get<Functions.Payments.PaymentSettings>(), desk.World.Clock).Read("2026-11-21", name.ToString(), expires, signature).ShouldBeNull();
        desk.World.Clock.MoveTo(now.AddDays(7).AddSeconds(-1));
        Read().ShouldBe(name);
        desk.World.Clock.MoveTo(now.AddDays(7));
        Read().ShouldBeNull();
    }

    private static async Task<ExportDesk> DeskAsync()
    {
        var desk = new ExportDesk();
        await desk.SettleAsync(World.Merchant, SampleDay.Postings(20));
        return desk;
    }

    private static async Task<int> OpenAsync(ExportDesk desk) => await new DeliveryStore(desk.World.Tables).ListOpenAsync(CancellationToken.None).CountAsync();

    private static string Path(string name) => ExportName.TryParse(name, out var read) ? read.Path : "";
}
