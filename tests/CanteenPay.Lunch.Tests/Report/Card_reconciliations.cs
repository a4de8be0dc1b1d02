using CanteenPay.Lunch.Report;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Lunch.Tests.Report;

public sealed class Card_reconciliations
{
    private static readonly BookedTap Tap = new()
    {
        TapId = "0123456789AB",
        Shown = new("CANTEEN1", "TERM0001", -1250),
        Ledger = [new("CANTEEN1", "TERM0001", 7, "subsidy-1", -1000), new("CANTEEN1", "TERM0001", 8, "cash", -250)],
    };

    private static readonly BookedMerchant Merchant = new("CANTEEN1", 5000, 5000, Loop: 0, IsClosed: true);

    private static readonly BookedBalance Balance = new("CANTEEN1", "C1000001", "TERM0001", 3750, 3750);

    [Fact]
    public void Books_that_agree_say_nothing() => Of([Tap], [Merchant, Merchant with { ToppedUpAsked = null, ToppedUp = 7 }], [Balance]).ShouldBeEmpty();

    [Fact]
    public void A_tap_that_was_shown_and_is_not_booked() => Says(Tap with { Ledger = [] }, DiscrepancyKind.TapMissing);

    [Fact]
    public void A_tap_that_lacks_a_part() => Says(Tap with { Ledger = [Tap.Ledger[0]] }, DiscrepancyKind.TapDiffers);

    [Fact]
    public void A_tap_that_was_booked_again_in_another_journal() => Says(
        Tap with { Ledger = [.. Tap.Ledger, .. Tap.Ledger.Select(part => part with { Seq = part.Seq + 10 })] }, DiscrepancyKind.TapDiffers, DiscrepancyKind.TapDoubled);

    [Fact]
    public void A_tap_of_nothing_that_was_booked_twice() => Says(
        new() { TapId = Tap.TapId, Shown = Tap.Shown! with { Change = 0 }, Ledger = [.. Tap.Ledger.Select(part => part with { Lot = "cash", Change = 0 })] },
        DiscrepancyKind.TapDoubled);

    [Fact]
    public void A_tap_that_nobody_saw() => Says(Tap with { Shown = null }, DiscrepancyKind.TapNeverShown);

    [Fact]
    public void A_tap_that_was_taken_back_at_the_page_and_debited_in_the_ledger() => Says(Tap with { Shown = Tap.Shown! with { Change = 1250 } }, DiscrepancyKind.TapDiffers);

    [Fact]
    public void Top_ups_that_are_not_as_asked() => Kinds(Of([], [Merchant with { ToppedUp = 10_000 }], [])).ShouldBe([DiscrepancyKind.TopUpsDiffer]);

    [Fact]
    public void A_tap_of_which_only_the_line_of_the_previous_payment_was_seen() =>
        Of([Tap with { Shown = Tap.Shown! with { Change = null } }], [Merchant], []).ShouldBeEmpty();

    [Theory]
    [InlineData(1L)]
    [InlineData(0L)]
    [InlineData(null)]
    public void A_closed_loop_that_is_not_closed_or_was_not_reckoned(long? difference) =>
        Kinds(Of([], [Merchant with { Loop = difference, IsClosed = false }], [])).ShouldBe([DiscrepancyKind.ClosedLoopOpen]);

    [Theory]
    [InlineData(3749L)]
    [InlineData(null)]
    public void A_machine_that_shows_another_balance_or_none(long? shown) =>
        Kinds(Of([], [], [Balance with { Shown = shown }])).ShouldBe([DiscrepancyKind.BalanceDiffers]);

    [Fact]
    public void Without_a_discrepancy_the_pages_and_the_ledger_hold_the_same_money()
    {
        var change = Gen.Choose(-2, 2).Select(fen => (long)fen);
        var parts = Gen.Elements("cash", "subsidy").SelectMany(lot => change.Select(fen => new LedgerPart("M", "T", 1, lot, fen))).ListOf().Select(all => all.Take(3));
        var taps =
            from shown in change
            from known in Gen.Choose(0, 3)
            from ledger in parts
            select new BookedTap { TapId = "T", Shown = known == 0 ? null : new("M", "T", shown), Ledger = [.. ledger] };

        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(taps.ToArbitrary(), tap =>
            Of([tap], [], []).Count > 0 || tap.Change == tap.Shown!.Change && tap.Ledger.Count > 0));
    }

    private static IReadOnlyList<Discrepancy> Of(IReadOnlyList<BookedTap> taps, IReadOnlyList<BookedMerchant> merchants, IReadOnlyList<BookedBalance> balances) =>
        CardReconciliation.Of(new(taps, merchants, balances));

    private static void Says(BookedTap tap, params DiscrepancyKind[] kinds)
    {
        var found = Of([Tap with { TapId = "BA9876543210" }, tap], [], []);

        Kinds(found).ShouldBe(kinds, ignoreOrder: true);
        found.ShouldAllBe(discrepancy => discrepancy.About == tap.TapId);
    }

    private static IEnumerable<DiscrepancyKind> Kinds(IEnumerable<Discrepancy> found) => found.Select(discrepancy => discrepancy.Kind);
}
