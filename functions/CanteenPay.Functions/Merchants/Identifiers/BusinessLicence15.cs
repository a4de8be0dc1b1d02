namespace CanteenPay.Functions.Merchants.Identifiers;

/// <summary>The registration number of older business licences (营业执照注册号): 15 digits, ISO 7064 MOD 11,10.</summary>
internal static class BusinessLicence15
{
    /// <summary>Digits of a number.</summary>
    public const int Length = 15;

    private const int Modulus = 10;

    /// <summary>Checks a number.</summary>
    public static IdentifierCheck Check(string text)
    {
        var number = IdentifierText.Normalise(text);
        if (number.Length != Length || !IdentifierText.IsDigits(number))
            return new IdentifierCheck.Invalid(number, "营业执照注册号为 15 位数字 / A registration number has 15 digits");
        return CheckDigit(number) == number[^1]
            ? new IdentifierCheck.Valid(number)
            : new IdentifierCheck.Invalid(number, "末位校验不符，请核对 / The last digit does not fit: compare it with the licence");
    }

    /// <summary>The last digit that belongs to the first 14.</summary>
    internal static char CheckDigit(ReadOnlySpan<char> number)
    {
        var product = Modulus;
        foreach (var digit in number[..(Length - 1)])
        {
            var sum = (product % (Modulus + 1) + digit - '0') % Modulus;
            product = (sum == 0 ? Modulus : sum) * 2 % (Modulus + 1);
        }

        return (char)('0' + (Modulus + 1 - product % (Modulus + 1)) % Modulus);
    }
}
