using FsCheck.Fluent;

namespace CanteenPay.Protocol.Tests;

public sealed class FenTests
{
    [Theory]
    [InlineData("12.50", 1250)]
    [InlineData("12.5", 1250)]
    [InlineData("12", 1200)]
    [InlineData("0.05", 5)]
    [InlineData("-3.00", -300)]
    [InlineData("99999.99", 9_999_999)]
    [InlineData("92233720368547758.07", long.MaxValue)]
    public void Yuan_are_read(string text, long fen)
    {
        Fen.Parse(text).ShouldBe(new Fen(fen));
        Fen.TryParse(text, out var amount).ShouldBeTrue();
        amount.ShouldBe(new Fen(fen));
    }

    [Theory]
    [InlineData("12.505")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1,000.00")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData("１２")]
    public void What_is_not_an_amount_is_refused_with_words(string text)
    {
        Should.Throw<FormatException>(() => Fen.Parse(text)).Message.ShouldContain($"'{text}'");
        Fen.TryParse(text, out _).ShouldBeFalse();
    }

    [Fact]
    public void An_amount_beyond_the_range_is_refused() => Should.Throw<OverflowException>(() => Fen.Parse("92233720368547758.08"));

    [Fact]
    public void Every_amount_survives_writing_and_reading() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<long>(),
        value => value == long.MinValue || Fen.Parse(new Fen(value).ToString()) == new Fen(value)));

    [Fact]
    public void The_smallest_amount_is_written_without_overflow() => new Fen(long.MinValue).ToString().ShouldBe("-92233720368547758.08");

    [Fact]
    public void Sums_and_differences_that_overflow_are_errors_not_wrong_numbers()
    {
        Should.Throw<OverflowException>(() => new Fen(long.MaxValue) + new Fen(1));
        Should.Throw<OverflowException>(() => new Fen(long.MinValue) - new Fen(1));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(9_999_999, true)]
    [InlineData(10_000_000, false)]
    public void Only_amounts_that_a_cashier_may_ask_for_are_keyable(long fen, bool keyable) => new Fen(fen).IsKeyable.ShouldBe(keyable);
}
