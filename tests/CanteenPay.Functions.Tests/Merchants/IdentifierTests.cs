using CanteenPay.Functions.Merchants.Identifiers;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>The numbers on papers, by the cases of the payment facts.</summary>
public sealed class IdentifierTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Theory]
    [InlineData("91350100M000100Y43")]
    [InlineData("91110000600037341L")]
    [InlineData("9144030071526726XG")]
    [InlineData("91330100799655058B")]
    [InlineData("914403001922038216")]
    [InlineData(" 9133 0100 7996 5505 8b ")]
    [InlineData("９１３３０１００７９９６５５０５８Ｂ")]
    [InlineData("110108000000016")]
    [InlineData("440301103097413")]
    [InlineData("310117003171688")]
    [InlineData("440301104041144")]
    [InlineData("320483000067847")]
    public void Licences_that_are_real_are_valid(string licence) => Licence.Check(licence).ShouldBeOfType<IdentifierCheck.Valid>();

    [Theory]
    [InlineData("91350100M0001TGQXM")]
    [InlineData("91350203M0001QAY9B")]
    [InlineData("91350211M0000XUF46")]
    [InlineData("91350203M0001FUE2P")]
    public void Real_codes_of_Fujians_pilot_are_doubtful(string licence) =>
        Licence.Check(licence).ShouldBeOfType<IdentifierCheck.Doubtful>().Why.ShouldContain("福建");

    [Theory]
    [InlineData("91110000600037342L")]
    [InlineData("A1110000600037341L")]
    [InlineData("91110000600037341I")]
    [InlineData("9111000060003734")]
    [InlineData("320483000067848")]
    [InlineData("110108000000017")]
    [InlineData("11010800000001X")]
    [InlineData("")]
    public void Licences_that_cannot_be_are_invalid(string licence) => Licence.Check(licence).ShouldBeOfType<IdentifierCheck.Invalid>();

    [Theory]
    [InlineData("11010519491231002X")]
    [InlineData("11010519491231002x")]
    [InlineData("440524188001010014")]
    [InlineData("360426199101010071")]
    [InlineData("34052419800101001X")]
    public void Resident_numbers_that_are_right_are_valid(string number) => ResidentId.Check(number, Today).ShouldBeOfType<IdentifierCheck.Valid>();

    [Theory]
    [InlineData("360426199101010072")]
    [InlineData("36042619910101007")]
    [InlineData("110105194912310X2X")]
    [InlineData("")]
    public void Resident_numbers_that_cannot_be_are_invalid(string number) => ResidentId.Check(number, Today).ShouldBeOfType<IdentifierCheck.Invalid>();

    [Theory]
    [InlineData("00", "19910101")]
    [InlineData("36", "19910230")]
    [InlineData("36", "20270101")]
    [InlineData("36", "00000000")]
    public void A_resident_is_of_a_real_province_and_was_born_on_a_real_day(string province, string birth)
    {
        var number = $"{province}0426{birth}007";

        ResidentId.Check(number + ResidentId.CheckCharacter(number), Today).ShouldBeOfType<IdentifierCheck.Invalid>();
    }

    [Theory]
    [InlineData("6228480402564890018")]
    [InlineData("6228 4804 0256 4890 018")]
    [InlineData("6222600260001072444")]
    [InlineData("6216261000000000018")]
    [InlineData("4111111111111111")]
    public void Bank_cards_that_are_right_are_valid(string card) => BankCard.Check(card).ShouldBeOfType<IdentifierCheck.Valid>();

    [Theory]
    [InlineData("6226901508938637")]
    [InlineData("622848040256489001")]
    [InlineData("0")]
    [InlineData("62284804025648900X8")]
    public void Bank_cards_that_cannot_be_are_invalid(string card) => BankCard.Check(card).ShouldBeOfType<IdentifierCheck.Invalid>();

    [Fact]
    public void A_corporate_account_need_not_follow_the_rule_of_cards() =>
        BankCard.CheckAccount("6226901508938637").ShouldBeOfType<IdentifierCheck.Valid>();

    [Fact]
    public void A_refusal_does_not_repeat_the_number()
    {
        foreach (var check in new[] { ResidentId.Check("360426199101010072", Today), BankCard.Check("6226901508938637"), Licence.Check("91110000600037342L") })
            check.ShouldBeOfType<IdentifierCheck.Invalid>().Why.ShouldNotContain(check.Text);
    }

    [Theory]
    [InlineData("11010519491231002X", "1101**********002X")]
    [InlineData("123", "***")]
    public void A_resident_number_is_masked(string number, string masked) => Masks.ResidentId(number).ShouldBe(masked);

    [Theory]
    [InlineData("6228480402564898018", "6228 **** **** 8018")]
    [InlineData("123456", "**** 456")]
    public void An_account_is_masked(string number, string masked) => Masks.Account(number).ShouldBe(masked);

    [Fact]
    public void A_phone_is_masked() => Masks.Phone("13812345678").ShouldBe("138****5678");
}
