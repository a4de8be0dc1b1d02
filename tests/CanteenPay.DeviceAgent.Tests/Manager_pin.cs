using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Terminal;

namespace CanteenPay.DeviceAgent.Tests;

public sealed class Manager_pin
{
    [Theory]
    [InlineData("2468", 0)]
    [InlineData("12345678\n", 0)]
    [InlineData("246", 2)]
    [InlineData("123456789", 2)]
    [InlineData("24a8", 2)]
    [InlineData("２４６８", 2)]
    [InlineData("", 2)]
    public async Task A_hash_is_made_of_4_to_8_digits_and_of_nothing_else(string input, int code)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        (await HashPin.RunAsync(new StringReader(input), output, error)).ShouldBe(code);

        if (code != 0)
        {
            output.ToString().ShouldBeEmpty();
            error.ToString().ShouldContain("4 to 8 digits");
            return;
        }

        ManagerPin.TryParse(output.ToString().Trim(), out var pin).ShouldBeTrue();
        pin!.Matches(input.Trim()).ShouldBeTrue();
        pin.Matches("1357").ShouldBeFalse();
        output.ToString().ShouldNotContain(input.Trim());
    }

    [Fact]
    public void Two_hashes_of_a_PIN_differ() => ManagerPin.Of("2468", 1000).ToString().ShouldNotBe(ManagerPin.Of("2468", 1000).ToString());

    [Theory]
    [InlineData("2468")]
    [InlineData("pbkdf2-sha256.999.AAAAAAAAAAAAAAAAAAAAAA==.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256.100000.AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256.100000.AAAAAAAAAAAAAAAAAAAAAA==.AAAA")]
    [InlineData("pbkdf2-sha256.100000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=.!")]
    [InlineData("md5.100000.AAAAAAAAAAAAAAAAAAAAAA==.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_not_a_hash_is_refused(string text) => ManagerPin.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_PIN_takes_eight_digits_and_gives_them_back_one_by_one()
    {
        var pin = Enumerable.Range(0, 10).Aggregate(Pin.Empty, (before, digit) => before.WithDigit(digit));

        pin.Digits.ToString().ShouldBe("01234567");
        pin.WithoutLast().Digits.ToString().ShouldBe("0123456");
        Pin.Empty.WithDigit(1).WithoutLast().ShouldBe(Pin.Empty);
        Pin.Empty.WithoutLast().ShouldBe(Pin.Empty);
    }
}
