using Azure;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Shares;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Night;

/// <summary>Goal: every morning finance finds the day before settled, whatever failed. Method: postings, the night's chore, its messages, and what the tables hold then.</summary>
public sealed class NightTests : IDisposable
{
    private static readonly DistributorId Distributor = DistributorId.Parse("DSTR1BTR");

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_night_settles_everybody_who_had_business_and_sends_for_the_days_files()
    {
        await _world.TermsAsync(World.Merchant, 60, 20, new FeeShare(Distributor, 10));
        var paid = _world.Paid(World.Merchant, World.Today, 1000);
        await _world.PostAsync(World.Merchant, World.Today, paid, _world.Paid(World.Merchant, World.Today, 417), World.Returned(paid, World.Today, 500));
        await _world.PostAsync(World.OtherMerchant, World.Today, _world.Paid(World.OtherMerchant, World.Today, 250));

        await _world.SettleNightAsync(World.Today);
        await _world.SettlePassAsync(TimeSpan.FromMinutes(1));

        var statement = (await _world.StatementAsync(World.Merchant, World.Today)).Statement;
        (statement.Gross, statement.Refunds, statement.Fee, statement.FeeReturned).ShouldBe((new(1417), new(500), new(9), new(3)));
        statement.Payable.ShouldBe(new(1417 - 500 - 6));
        (await _world.StatementAsync(World.OtherMerchant, World.Today)).Statement.Payable.ShouldBe(new(248));
        foreach (var merchant in new[] { World.Merchant, World.OtherMerchant })
            (await _world.IndexedAsync(merchant, World.Today)).ShouldSatisfyAllConditions(row => row.IsDue.ShouldBeFalse(), row => row.Revision.ShouldBe(1));
        (await _world.DayIndex.FindDayAsync(World.Today, CancellationToken.None))!.IsFannedOut.ShouldBeTrue();
        _world.Exports.Exported.ShouldBe([World.Today]);
        (await SharesAsync()).ShouldBe([statement.DistributorParts.Single().Part]);
        _world.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_again_writes_nothing()
    {
        await PostSomeAsync();
        await _world.SettleNightAsync(World.Today);
        var before = await _world.SettlementRowsAsync();
        var body = (await _world.StatementAsync(World.Merchant, World.Today)).Body;

        await _world.SettleAsync(World.Merchant, World.Today);
        await _world.SettleNightAsync(World.Today.AddDays(1));

        (await _world.SettlementRowsAsync()).ShouldBe(before);
        (await _world.StatementAsync(World.Merchant, World.Today)).Body.ShouldBe(body);
    }

    [Fact]
    public async Task Other_postings_make_a_revision_that_says_why_and_only_its_difference_is_shared()
    {
        await _world.TermsAsync(World.Merchant, 60, 20, new FeeShare(Distributor, 10));
        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 100_000));
        await _world.SettleNightAsync(World.Today);
        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 50_000));

        await _world.SettleNightAsync(World.Today.AddDays(1));

        var revisions = await _world.Statements.RevisionsAsync(World.Merchant, World.Today, CancellationToken.None);
        revisions.Select(row => (row.Revision, row.Reason, row.IsLatest)).ShouldBe([(1, RevisionReason.First, false), (2, RevisionReason.Postings, true)]);
        revisions[1].Changes.ShouldContain(new FieldChange("gross", "100000", "150000"));
        revisions[1].Changes.ShouldContain(new FieldChange("distributorParts.DSTR1BTR.part", "100", "150"));
        revisions[1].Changes.ShouldNotContain(change => change.Field == "refunds");
        (await SharesAsync()).ShouldBe([new(100), new(50)]);
    }

    [Fact]
    public async Task A_merchant_that_fails_is_tried_again_then_listed_and_holds_nobody_back()
    {
        await PostSomeAsync();
        await _world.PostAsync(World.OtherMerchant, World.Today, _world.Paid(World.OtherMerchant, World.Today, 250, rate: 20_000));

        await _world.SettleNightAsync(World.Today);

        (await _world.IndexedAsync(World.Merchant, World.Today)).IsDue.ShouldBeFalse();
        (await _world.IndexedAsync(World.OtherMerchant, World.Today)).ShouldSatisfyAllConditions(row => row.IsDue.ShouldBeTrue(), row => row.Failure.ShouldBeNull());
        _world.Exports.Exported.ShouldBeEmpty("somebody is still being tried");
        await _world.SettlePassAsync(TimeSpan.FromMinutes(30));
        var listed = await _world.IndexedAsync(World.OtherMerchant, World.Today);
        listed.Failure!.ShouldContain("20000 basis points");
        listed.Tries.ShouldBe(5);
        _world.Exports.Exported.ShouldBe([World.Today, World.Today], "when the others were done, and when it was given up");
        (await _world.Statements.FindAsync(World.OtherMerchant, World.Today, CancellationToken.None)).ShouldBeNull("the old state stands");
        _world.Log.Count(line => line.StartsWith("1702 ", StringComparison.Ordinal)).ShouldBe(1);
        _world.Failures.ShouldBeEmpty("what is wrong with a merchant is not the queue's affair");
        (await _world.CloseAsync(World.Today)).Code.ShouldBe("failed");

        await _world.PostAsync(World.OtherMerchant, World.Today, _world.Paid(World.OtherMerchant, World.Today, 84));
        (await _world.IndexedAsync(World.OtherMerchant, World.Today)).Failure.ShouldBeNull("what changed may be what was wrong: the sweep tries it again");
    }

    [Fact]
    public async Task What_is_settled_by_hand_at_noon_is_settled_again_at_night()
    {
        await PostSomeAsync();
        await _world.Get<CanteenPay.Functions.Settlement.Night.FanOut>().AllAsync(World.Today, "hand-1", CancellationToken.None);
        await _world.SettleSentAsync();
        (await _world.IndexedAsync(World.Merchant, World.Today)).IsDue.ShouldBeFalse();
        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 84));

        await _world.SettleNightAsync(World.Today);

        (await _world.StatementAsync(World.Merchant, World.Today)).ShouldSatisfyAllConditions(row => row.Revision.ShouldBe(2), row => row.Statement.PaymentCount.ShouldBe(2));
    }

    [Fact]
    public async Task A_night_that_was_missed_is_made_up_for_by_the_sweep_as_is_a_message_that_was_lost()
    {
        await PostSomeAsync();
        _world.Clock.MoveTo(DayHours.CompleteFrom(World.Today, TimeSpan.Zero));
        await _world.SettleSweepAsync();
        (await _world.IndexedAsync(World.Merchant, World.Today)).IsDue.ShouldBeTrue("the night may be just at it");
        await _world.SettleSweepAsync(TimeSpan.FromMinutes(4));
        (await _world.IndexedAsync(World.Merchant, World.Today)).IsDue.ShouldBeFalse();

        await _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 84));
        await _world.SettleSweepAsync(TimeSpan.FromMinutes(21));

        (await _world.StatementAsync(World.Merchant, World.Today)).Revision.ShouldBe(2);
    }

    [Fact]
    public async Task A_merchant_with_cards_only_has_card_totals_and_no_statement()
    {
        await PostSomeAsync();
        await _world.OpenAccountAsync("A0000001", 5000, merchant: World.OtherMerchant);
        await AddMerchantAsync(World.OtherMerchant);
        await _world.CardLineAsync(World.OtherMerchant, World.Today, 5000);

        await _world.SettleNightAsync(World.Today);

        var sheet = await _world.Statements.ReadAsync(World.OtherMerchant, World.Today, CancellationToken.None);
        sheet.Latest.ShouldBeNull();
        sheet.LatestCards!.Totals.ShouldSatisfyAllConditions(totals => totals.TopUps.ShouldBe(new(5000)), totals => totals.Change.ShouldBe(new(5000)));
        (await _world.IndexedAsync(World.OtherMerchant, World.Today)).ShouldSatisfyAllConditions(
            row => row.IsDue.ShouldBeFalse(), row => row.Revision.ShouldBe(0), row => row.CardRevision.ShouldBe(1));
        (await _world.Statements.LatestCardsAsync(World.Today, CancellationToken.None).ToListAsync()).Count.ShouldBe(1);
        await _world.CloseWholeAsync(World.Today);
        (await _world.Statements.FindAsync(World.OtherMerchant, World.Today, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Days_with_card_money_only_are_found_for_a_week()
    {
        foreach (var back in new[] { 7, 3, 1 })
            await _world.CardLineAsync(World.Merchant, World.Today.AddDays(1 - back), 5000);

        await _world.SettleNightAsync(World.Today);

        (await _world.DayIndex.ListDaysAsync(after: null, CancellationToken.None).Select(day => World.Today.DayNumber - day.Day.DayNumber).ToListAsync()).ShouldBe([6, 2, 0]);
        (await _world.IndexedAsync(World.Merchant, World.Today.AddDays(-6))).CardRevision.ShouldBe(1);
    }

    [Fact]
    public async Task Five_hundred_orders_take_at_most_twenty_five_table_operations()
    {
        await _world.TermsAsync(World.Merchant, 60, 20, new FeeShare(Distributor, 10));
        await _world.PostAsync(World.Merchant, World.Today, [.. Enumerable.Range(0, 500).Select(number => _world.Paid(World.Merchant, World.Today, 1000 + number))]);
        var operations = new List<string>();
        _world.Tables.AfterOperation = operation =>
        {
            operations.Add(operation);
            return Task.CompletedTask;
        };

        await _world.SettleNightAsync(World.Today);

        operations.Count.ShouldBeLessThanOrEqualTo(25, string.Join('\n', operations));
        (await _world.StatementAsync(World.Merchant, World.Today)).Statement.PaymentCount.ShouldBe(500);
    }

    private Task PostSomeAsync() => _world.PostAsync(World.Merchant, World.Today, _world.Paid(World.Merchant, World.Today, 1000));

    private Task<ETag> AddMerchantAsync(MerchantId merchant) => _world.Tables.GetTableClient("Merchants").AddEntityAsync(
        new MerchantProfile(merchant, "别家食堂", "swiftpass", "other", IsActive: true));

    private async Task<IReadOnlyList<Fen>> SharesAsync() =>
        await _world.Tables.GetTableClient("Shares").QueryAsync<ShareRow>("").OrderBy(row => row.Key).Select(row => row.Amount).ToListAsync();
}
