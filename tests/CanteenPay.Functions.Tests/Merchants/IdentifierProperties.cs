using CanteenPay.Functions.Merchants.Identifiers;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>A thousand of each: what is made by the rule passes, and no single character of it can be mistaken unseen.</summary>
public sealed class IdentifierProperties
{
    private const string Digits = "0123456789";

    private static readonly DateOnly Today = new(2026, 11, 22);

    private static readonly Gen<string> Usccs =
        from head in Text("0123456789ABCDEFGHJKLMNPQRTUWXY", 2)
        from area in Text(Digits, 6)
        from organisation in Text("0123456789ABCDEFGHJKLMNPQRTUWXY", 8)
        let body = head + area + organisation
        let seventeen = body + Uscc.OrganisationCheck(body)
        select seventeen + Uscc.CheckCharacter(seventeen);

    private static readonly Gen<string> Licences15 = from body in Text(Digits, 14) select body + BusinessLicence15.CheckDigit(body);

    private static readonly Gen<string> Residents =
        from province in Gen.Elements("11", "35", "44", "50", "65", "82")
        from area in Text(Digits, 4)
        from birth in Gen.Choose(0, 36_000)
        from order in Text(Digits, 3)
        let body = $"{province}{area}{new DateOnly(1926, 1, 1).AddDays(birth):yyyyMMdd}{order}"
        select body + ResidentId.CheckCharacter(body);

    private static readonly Gen<string> Cards =
        from length in Gen.Choose(13, 19)
        from body in Text(Digits, length - 1)
        select body + BankCard.CheckDigit(body + "0");

    [Fact]
    public void Credit_codes() => Holds(Usccs, "0123456789ABCDEFGHJKLMNPQRTUWXY", Uscc.Check);

    [Fact]
    public void Registration_numbers() => Holds(Licences15, Digits, BusinessLicence15.Check);

    [Fact]
    public void Resident_numbers() => Holds(Residents, Digits, text => ResidentId.Check(text, Today));

    [Fact]
    public void Bank_cards() => Holds(Cards, Digits, BankCard.Check);

    [Fact]
    public void Whatever_is_typed_is_answered() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000),
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            Licence.Check(text.Get).ShouldNotBeNull();
            ResidentId.Check(text.Get, Today).ShouldNotBeNull();
            BankCard.Check(text.Get).ShouldNotBeNull();
            BankCard.CheckAccount(text.Get).ShouldNotBeNull();
            (Masks.ResidentId(text.Get) + Masks.Phone(text.Get) + Masks.Account(text.Get)).ShouldNotBeNull();
        }));

    private static void Holds(Gen<string> valid, string alphabet, Func<string, IdentifierCheck> check) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000),
        Prop.ForAll(valid.ToArbitrary(), text =>
        {
            check(text).ShouldBe(new IdentifierCheck.Valid(text));
            for (var at = 0; at < text.Length; at++)
            {
                foreach (var other in alphabet)
                {
                    if (other != text[at])
                        check($"{text[..at]}{other}{text[(at + 1)..]}").ShouldNotBeOfType<IdentifierCheck.Valid>();
                }
            }
        }));

    private static Gen<string> Text(string alphabet, int length) => Gen.Elements(alphabet.AsEnumerable()).ArrayOf(length).Select(characters => new string(characters));
}
