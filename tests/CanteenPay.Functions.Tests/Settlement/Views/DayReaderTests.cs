using System.Globalization;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Views;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Views;

/// <summary>Goal: a long day is read whole, and who has a part sees what it is of. Method: the reader over statements that were settled, or are only written.</summary>
public sealed class DayReaderTests : IDisposable
{
    private static readonly DistributorId Former = DistributorId.Parse("DSTR1BTR"), Present = DistributorId.Parse("0THERDST");

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_distributor_that_a_merchant_has_left_sees_what_is_of_its_time_only()
    {
        await _world.TermsAsync(World.Merchant, 60, 20, new FeeShare(Former, 10));
        await _world.Tables.GetTableClient("Merchants").AddEntityAsync(
            new RateRow(World.Merchant, World.Today, new(60, 20, [new(Present, 10)]), World.Noon.AddDays(-1), new("operator", "周运营")));
        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 100_000));
        await _world.SettleNightAsync(World.Today);
        var old = _world.Paid(World.Merchant, World.Today.AddDays(-5), 50_000);
        await _world.PostAsync(World.Merchant, World.Today, World.Returned(old, World.Today, 20_000), _world.Paid(World.Merchant, World.Today, 777));
        await _world.SettleNightAsync(World.Today.AddDays(1));

        var former = (await ReadAsync(Of(Former))).ShouldNotBeNull();
        (former.Totals.PaymentCount, former.Totals.Gross, former.Totals.Refunds, former.Totals.Payable).ShouldBe(((int?)null, Fen.Zero, new(20_000), (Fen?)null));
        former.Totals.DistributorParts.ShouldBe([new DistributorPart(Former, Fen.Zero)]);
        former.Lines.ShouldHaveSingleItem().Figures.PaymentCount.ShouldBeNull();
        var present = (await ReadAsync(Of(Present))).ShouldNotBeNull();
        (present.Totals.Gross, present.Totals.Refunds).ShouldBe((new(100_777), Fen.Zero));

        var whole = (await _world.Get<DayReader>().ReadAsync(World.Today, World.Merchant, Of(Former), CancellationToken.None)).ShouldNotBeNull();
        whole.Revisions[^1].Changes.Select(change => change.Field).ShouldAllBe(field => field.StartsWith($"distributorParts.{Former}.", StringComparison.Ordinal));
        whole.Revisions[^1].Changes.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_day_of_more_merchants_than_an_answer_holds_is_read_page_by_page_without_a_gap()
    {
        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 100_000));
        await _world.SettleNightAsync(World.Today);
        await _world.CardLineAsync(World.Merchant, World.Today, 5000);
        var row = await _world.StatementAsync(World.Merchant, World.Today);
        var cards = (await _world.Get<CardDays>().ReadAsync(World.Merchant, World.Today, CancellationToken.None)).ShouldNotBeNull();
        // Statements of the first 600; card money of every second of 1,200: a page of one reaches much farther than one of the other.
        List<MerchantId> withStatement = [.. Enumerable.Range(0, 600).Select(Numbered), World.Merchant];
        List<MerchantId> withCards = [.. Enumerable.Range(0, 600).Select(number => Numbered(2 * number))];
        foreach (var merchant in withStatement.SkipLast(1))
            await _world.Statements.TryAddAsync(row with { Statement = row.Statement with { Merchant = merchant }, Version = default }, before: null, CancellationToken.None);
        foreach (var merchant in withCards)
            await _world.Statements.TryAddAsync(CardTotalsRow.After(null, cards with { Merchant = merchant }, World.Noon), CancellationToken.None);

        var (lines, totals, pages, more) = (new List<MerchantId>(), new List<MerchantId>(), 0, true);
        for (MerchantId? after = null; more; pages++)
        {
            var (page, isCut) = (await _world.Get<DayReader>().ReadAsync(World.Today, after, Finance, CancellationToken.None)).ShouldNotBeNull();
            lines.AddRange(page.Lines.Select(line => line.MerchantId));
            totals.AddRange(page.Cards.Select(card => card.Merchant));
            page.Totals.PaymentCount.ShouldBe(601);
            Math.Max(page.Lines.Count, page.Cards.Count).ShouldBeLessThanOrEqualTo(DayReader.MostLines);
            after = page.Lines.Select(line => line.MerchantId).Concat(page.Cards.Select(card => card.Merchant)).MaxBy(merchant => merchant.Value, StringComparer.Ordinal);
            more = isCut;
        }

        pages.ShouldBe(2);
        lines.ShouldBe(withStatement);
        totals.ShouldBe(withCards);
    }

    [Fact]
    public async Task A_merchants_people_have_their_own_statement_read_and_no_other()
    {
        foreach (var merchant in new[] { World.Merchant, World.OtherMerchant })
            await _world.PostAsync(merchant, World.Today, _world.Paid(merchant, World.Today, 1000));
        await _world.SettleNightAsync(World.Today);

        var view = (await ReadAsync(new("somebody", "somebody", new HashSet<Role> { Role.Merchant }, new(new HashSet<DistributorId>(), new HashSet<MerchantId> { World.Merchant })))).ShouldNotBeNull();

        view.Lines.ShouldHaveSingleItem().MerchantId.ShouldBe(World.Merchant);
        view.Totals.Gross.ShouldBe(new(1000));
    }

    private static Caller Finance => new("finance", "finance", new HashSet<Role> { Role.Finance }, new(new HashSet<DistributorId>(), new HashSet<MerchantId>()));

    private static Caller Of(DistributorId distributor) =>
        new("somebody", "somebody", new HashSet<Role> { Role.Distributor }, new(new HashSet<DistributorId> { distributor }, new HashSet<MerchantId>()));

    private static MerchantId Numbered(int number) => MerchantId.Parse(string.Create(CultureInfo.InvariantCulture, $"A{number:D7}"));

    private async Task<DayView?> ReadAsync(Caller caller) => (await _world.Get<DayReader>().ReadAsync(World.Today, after: null, caller, CancellationToken.None))?.View;
}
