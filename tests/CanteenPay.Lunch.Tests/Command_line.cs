namespace CanteenPay.Lunch.Tests;

public sealed class Command_line
{
    [Fact]
    public void Everything_that_can_be_said_is_read() => LunchOptions
        .Parse(["--minutes", "0.5", "--machines", "2", "--rate", "7.5", "--seed", "9", "--chaos", "--everyone-pays", "--report", "r.md", "--keep"], newSeed: 1)
        .ShouldBe(new LunchOptions
        {
            Length = TimeSpan.FromSeconds(30),
            Machines = 2,
            Rate = 7.5,
            Seed = 9,
            Chaos = true,
            EveryonePays = true,
            Report = "r.md",
            Keep = true,
        });

    [Fact]
    public void Without_a_seed_the_new_one_is_taken() => LunchOptions.Parse(["--minutes", "30"], newSeed: 5).Seed.ShouldBe(5);

    [Theory]
    [InlineData("--minutes is missing")]
    [InlineData("--minutes", "--minutes")]
    [InlineData("\"0\"", "--minutes", "0")]
    [InlineData("\"1e3\"", "--minutes", "1e3")]
    [InlineData("\"NaN\"", "--minutes", "NaN")]
    [InlineData("\"-1\"", "--minutes", "-1")]
    [InlineData("\"1.5\"", "--minutes", "1", "--machines", "1.5")]
    [InlineData("\"17\"", "--minutes", "1", "--machines", "17")]
    [InlineData("--chaos is given twice", "--minutes", "1", "--chaos", "--chaos")]
    [InlineData("\"--caos\"", "--minutes", "1", "--caos")]
    public void What_cannot_be_is_refused_with_words(string words, params string[] args) =>
        Should.Throw<LunchException>(() => LunchOptions.Parse(args, newSeed: 1)).Message.ShouldContain(words);
}
