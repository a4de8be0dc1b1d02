namespace CanteenPay.Functions.Merchants.Identifiers;

/// <summary>What stands on a business licence: a credit code, or on an older one a registration number.</summary>
internal static class Licence
{
    /// <summary>Checks either.</summary>
    public static IdentifierCheck Check(string text)
    {
        var licence = IdentifierText.Normalise(text);
        return licence.Length switch
        {
            Uscc.Length => Uscc.Check(licence),
            BusinessLicence15.Length => BusinessLicence15.Check(licence),
            _ => new IdentifierCheck.Invalid(licence, "18 位统一社会信用代码，或 15 位注册号 / A credit code of 18 characters or a registration number of 15 digits"),
        };
    }
}
