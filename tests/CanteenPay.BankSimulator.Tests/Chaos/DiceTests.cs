using CanteenPay.BankSimulator.Chaos;

namespace CanteenPay.BankSimulator.Tests.Chaos;

public sealed class DiceTests
{
    [Fact]
    public void A_throw_depends_on_the_seed_the_fault_the_order_and_its_turn_and_on_nothing_else()
    {
        var first = ChaosDice.Throw(1, Fault.Slow, 1, 1);

        ChaosDice.Throw(1, Fault.Slow, 1, 1).ShouldBe(first);
        double[] others = [ChaosDice.Throw(2, Fault.Slow, 1, 1), ChaosDice.Throw(1, Fault.Unknown, 1, 1), ChaosDice.Throw(1, Fault.Slow, 2, 1), ChaosDice.Throw(1, Fault.Slow, 1, 2)];
        others.ShouldNotContain(first);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void A_share_is_about_that_share(double share)
    {
        // 100,000 throws with a fixed seed: the same number in every run, within 5 standard deviations of the expected one.
        var struck = Enumerable.Range(0, 100_000).Count(n => ChaosDice.Throw(7, Fault.LostAnswer, n / 10, n % 10) < share);

        Math.Abs(struck - share * 100_000).ShouldBeLessThan(5 * Math.Sqrt(100_000 * share * (1 - share)));
    }

    [Fact]
    public async Task The_same_seed_has_the_same_faults_strike_the_same_orders_however_often_others_ask()
    {
        var (calm, busy) = (await StoryAsync(seed: 42, otherQueries: 0), await StoryAsync(seed: 42, otherQueries: 3));

        busy.ShouldBe(calm);
        calm.ShouldContain(a => a == "500");
        calm.ShouldContain(a => a == "0");
        (await StoryAsync(seed: 43, otherQueries: 0)).ShouldNotBe(calm);
    }

    /// <summary>What thirty orders get to see of their create and of one query, with new numbers each time, and others asking between them or not.</summary>
    private static async Task<List<string>> StoryAsync(int seed, int otherQueries)
    {
        await using var bank = await TestBank.StartAsync();
        var run = Guid.NewGuid().ToString("N")[..8];
        await bank.ChaosAsync(new { seed, serverError = 0.3, unknown = 0.3 });
        var seen = new List<string>();
        for (var n = 0; n < 30; n++)
        {
            seen.Add(Told(await bank.TryAskAsync("unified.trade.native", TestBank.Order($"{run}-{n}"))));
            for (var other = 0; other < otherQueries && n > 0; other++)
                await bank.TryAskAsync("unified.trade.query", ("out_trade_no", $"{run}-{n - 1}"));
        }

        return seen;
    }

    private static string Told((int Status, string Text)? answer) =>
        answer is not (200, var text) ? $"{answer?.Status}" : MerchantSystem.Parse(text) is var fields && fields["result_code"] == "0" ? "0" : fields["err_code"];
}
