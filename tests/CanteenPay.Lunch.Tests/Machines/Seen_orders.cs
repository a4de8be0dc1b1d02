using CanteenPay.Lunch.Machines;

namespace CanteenPay.Lunch.Tests.Machines;

public sealed class Seen_orders
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(8));
    private static readonly ScreenView Idle = new() { State = "idle", Amount = "0.00", Online = true };

    private readonly SeenOrders _seen = new();

    [Fact]
    public void The_first_moment_of_each_thing_is_kept()
    {
        foreach (var (second, state) in new[] { (0, "requesting"), (1, "qr"), (2, "qr"), (3, "paid"), (4, "paid") })
            _seen.Look(Idle with { State = state, OrderId = "A" }, Noon.AddSeconds(second));

        _seen.All["A"].QrShownAt.ShouldBe(Noon.AddSeconds(1));
        _seen.All["A"].PaidShownAt.ShouldBe(Noon.AddSeconds(3));
        _seen.Count().ShouldBe((1, 1));
    }

    [Fact]
    public void A_green_line_of_the_previous_payment_says_paid_of_that_order_and_not_of_the_one_on_the_screen()
    {
        _seen.Look(Idle with { State = "qr", OrderId = "B", Previous = new("A", TapId: null, "good") }, Noon);

        _seen.All["A"].PaidShownAt.ShouldBe(Noon);
        _seen.All["B"].PaidShownAt.ShouldBeNull();
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("bad")]
    public void A_line_of_another_colour_says_nothing(string tone)
    {
        _seen.Look(Idle with { Previous = new("A", TapId: null, tone) }, Noon);

        _seen.All.ShouldBeEmpty();
    }

    [Fact]
    public void Words_that_stand_in_many_views_were_said_once_and_words_under_another_id_once_more()
    {
        _seen.Look(Idle with { Utterance = new("u1", "A", "收款五元") }, Noon);
        _seen.Look(Idle with { Utterance = new("u1", "A", "收款五元") }, Noon.AddSeconds(1));
        _seen.All["A"].Said.Count.ShouldBe(1);

        _seen.Look(Idle with { Utterance = new("u2", "A", "收款五元") }, Noon.AddSeconds(2));
        _seen.All["A"].Said.Select(words => words.At).ShouldBe([Noon, Noon.AddSeconds(2)]);
    }
}
