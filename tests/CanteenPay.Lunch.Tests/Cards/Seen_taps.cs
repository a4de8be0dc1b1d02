using CanteenPay.Lunch.Cards;
using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Report;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Tests.Cards;

public sealed class Seen_taps
{
    private const string Tap = "0123456789AB";
    private static readonly ScreenView Idle = new() { State = "idle", Amount = "0.00", Online = true };
    private static readonly LunchMachine Machine = new("TERM0001", "CANTEEN1", "1 号窗口", "machine-1");
    private static readonly TapLine Debit = new("A", Tap, "debit", "12.50", "7.50", Refusal: null, Repeated: false);

    private readonly SeenTaps _seen = new();

    [Theory]
    [InlineData("debit", "12.50", -1250L)]
    [InlineData("reversal", "0.01", 1L)]
    [InlineData("count", "0.00", 0L)]
    public void What_it_does_to_the_account_is_kept(string kind, string amount, long change)
    {
        Look(Debit with { Kind = kind, Amount = amount });

        _seen.All[Tap].ShouldBe(new ShownTap("CANTEEN1", "TERM0001", change));
    }

    [Fact]
    public void A_refusal_a_balance_and_a_card_that_was_read_again_are_no_taps()
    {
        Look(Debit with { TapId = null, Kind = null, Refusal = "notenough" });
        Look(Debit with { Repeated = true });

        _seen.All.ShouldBeEmpty();
    }

    [Fact]
    public void The_line_of_the_previous_payment_tells_of_a_tap_that_nothing_else_was_seen_of()
    {
        _seen.Look(Machine, Idle with { Previous = new(OrderId: null, Tap, "good") });
        _seen.All[Tap].Change.ShouldBeNull();

        Look(Debit);
        _seen.Look(Machine, Idle with { Previous = new(OrderId: null, Tap, "good") });

        _seen.All[Tap].Change.ShouldBe(-1250);
    }

    private void Look(TapLine tap) => _seen.Look(Machine, Idle with { State = "tap", Tap = tap });
}
