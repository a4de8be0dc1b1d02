namespace CanteenPay.Functions.Merchants.Identifiers;

/// <summary>Where a merchant's money is settled to.</summary>
internal static class BankCard
{
    private const int MinCard = 13, MaxCard = 19, MinAccount = 6, MaxAccount = 32;

    /// <summary>A bank card: 13 to 19 digits, the last by Luhn's rule (ISO/IEC 7812).</summary>
    public static IdentifierCheck Check(string text)
    {
        var number = IdentifierText.Normalise(text);
        if (number.Length is < MinCard or > MaxCard || !IdentifierText.IsDigits(number))
            return new IdentifierCheck.Invalid(number, "银行卡号为 13 至 19 位数字 / A bank card has 13 to 19 digits");
        return CheckDigit(number) == number[^1]
            ? new IdentifierCheck.Valid(number)
            : new IdentifierCheck.Invalid(number, "末位校验不符，请核对 / The last digit does not fit: compare it with the card");
    }

    /// <summary>A corporate account (对公账户): 6 to 32 digits. No check digit is known to hold for all banks.</summary>
    public static IdentifierCheck CheckAccount(string text)
    {
        var number = IdentifierText.Normalise(text);
        return number.Length is >= MinAccount and <= MaxAccount && IdentifierText.IsDigits(number)
            ? new IdentifierCheck.Valid(number)
            : new IdentifierCheck.Invalid(number, "对公账号为 6 至 32 位数字 / A corporate account has 6 to 32 digits");
    }

    /// <summary>The last digit that belongs to those before it.</summary>
    internal static char CheckDigit(ReadOnlySpan<char> number)
    {
        var sum = 0;
        for (var fromRight = 1; fromRight < number.Length; fromRight++)
        {
            var digit = number[^(fromRight + 1)] - '0';
            var counted = fromRight % 2 == 1 ? digit * 2 : digit;
            sum += counted > 9 ? counted - 9 : counted;
        }

        return (char)('0' + (10 - sum % 10) % 10);
    }
}
