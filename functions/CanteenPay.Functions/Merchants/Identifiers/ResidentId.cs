using System.Globalization;

namespace CanteenPay.Functions.Merchants.Identifiers;

/// <summary>The number of a resident identity card (公民身份号码): 17 digits and a check character, GB 11643.</summary>
internal static class ResidentId
{
    /// <summary>Characters of a number.</summary>
    public const int Length = 18;

    /// <summary>The check characters, by the weighted sum modulo 11.</summary>
    private const string CheckCharacters = "10X98765432";

    private const int BirthStart = 6, BirthLength = 8;

    private static ReadOnlySpan<int> Weights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>Checks a number.</summary>
    /// <param name="text">The number; a small x counts as X.</param>
    /// <param name="today">Nobody is born later.</param>
    public static IdentifierCheck Check(string text, DateOnly today)
    {
        var number = IdentifierText.Normalise(text);
        if (number.Length != Length || !IdentifierText.IsDigits(number.AsSpan(0, Length - 1)) || !(char.IsAsciiDigit(number[^1]) || number[^1] == 'X'))
            return new IdentifierCheck.Invalid(number, "身份证号为 18 位，末位可为 X / A resident number has 18 digits, the last may be X");
        if (!IsProvince(number) || Birth(number) is not { } birth || birth > today)
            return new IdentifierCheck.Invalid(number, "地区或出生日期不对 / Its area or date of birth cannot be");
        return CheckCharacter(number) == number[^1]
            ? new IdentifierCheck.Valid(number)
            : new IdentifierCheck.Invalid(number, "末位校验不符，请核对 / The last character does not fit: compare it with the card");
    }

    /// <summary>The last character that belongs to the first 17.</summary>
    internal static char CheckCharacter(ReadOnlySpan<char> number)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
            sum += (number[i] - '0') * Weights[i];
        return CheckCharacters[sum % CheckCharacters.Length];
    }

    private static DateOnly? Birth(string number) =>
        DateOnly.TryParseExact(number.AsSpan(BirthStart, BirthLength), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var birth) && birth.Year > 1800
            ? birth
            : null;

    /// <summary>The first two digits of areas, GB/T 2260; 91 is of foreigners' cards.</summary>
    private static bool IsProvince(string number) => int.Parse(number.AsSpan(0, 2), CultureInfo.InvariantCulture) is
        >= 11 and <= 15 or >= 21 and <= 23 or >= 31 and <= 37 or >= 41 and <= 46 or >= 50 and <= 54 or >= 61 and <= 65 or 71 or >= 81 and <= 83 or 91;
}
