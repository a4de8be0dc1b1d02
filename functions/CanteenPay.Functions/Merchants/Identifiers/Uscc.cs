using System.Buffers;

namespace CanteenPay.Functions.Merchants.Identifiers;

/// <summary>The unified social credit code (统一社会信用代码) of an organisation: 18 characters, GB 32100-2015.</summary>
internal static class Uscc
{
    /// <summary>Characters of a code.</summary>
    public const int Length = 18;

    /// <summary>Its alphabet, in the order of their values: no I, O, S, V, Z.</summary>
    public const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    private const int AreaStart = 2, OrganisationStart = 8, OrganisationLength = 9, WeightBase = 3, OrganisationModulus = 11;

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    private static ReadOnlySpan<int> OrganisationWeights => [3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>
    /// Checks a code. Fujian's pilot gave out real codes (area 35, organisation codes M000…) whose last character does not fit: those, and codes
    /// in which only the organisation's own check digit does not fit, are doubtful.
    /// </summary>
    public static IdentifierCheck Check(string text)
    {
        var code = IdentifierText.Normalise(text);
        if (code.Length != Length)
            return new IdentifierCheck.Invalid(code, "统一社会信用代码为 18 位 / A credit code has 18 characters");
        if (code.AsSpan().ContainsAnyExcept(Characters) || !IdentifierText.IsDigits(code.AsSpan(AreaStart, OrganisationStart - AreaStart)))
            return new IdentifierCheck.Invalid(code, "含有信用代码中没有的字符（没有 I、O、S、V、Z）/ It has characters that no credit code has (no I, O, S, V, Z)");
        var organisationFits = OrganisationCheck(code) == code[OrganisationStart + OrganisationLength - 1];
        if (CheckCharacter(code) != code[^1])
        {
            return organisationFits && code.StartsWith("9135", StringComparison.Ordinal) && code.AsSpan(OrganisationStart).StartsWith("M000")
                ? new IdentifierCheck.Doubtful(code, "末位校验不符；福建试点期的真实代码也有如此，请核对执照原件 / The last character does not fit, as in real codes of Fujian's pilot: compare it with the licence")
                : new IdentifierCheck.Invalid(code, "末位校验不符，请核对 / The last character does not fit: compare it with the licence");
        }

        return organisationFits
            ? new IdentifierCheck.Valid(code)
            : new IdentifierCheck.Doubtful(code, "其中的组织机构代码校验位不符，请核对执照原件 / The organisation code in it does not fit: compare it with the licence");
    }

    /// <summary>The last character that belongs to the first 17: weights 3^(i−1) mod 31.</summary>
    internal static char CheckCharacter(ReadOnlySpan<char> code)
    {
        var (sum, weight) = (0, 1);
        for (var i = 0; i < Length - 1; i++)
        {
            sum += Alphabet.IndexOf(code[i], StringComparison.Ordinal) * weight;
            weight = weight * WeightBase % Alphabet.Length;
        }

        return Alphabet[(Alphabet.Length - sum % Alphabet.Length) % Alphabet.Length];
    }

    /// <summary>The check digit of the organisation code in it (characters 9 to 17), GB 11714: letters count from A = 10.</summary>
    internal static char OrganisationCheck(ReadOnlySpan<char> code)
    {
        var sum = 0;
        for (var i = 0; i < OrganisationWeights.Length; i++)
        {
            var character = code[OrganisationStart + i];
            sum += (char.IsAsciiDigit(character) ? character - '0' : character - 'A' + 10) * OrganisationWeights[i];
        }

        return (OrganisationModulus - sum % OrganisationModulus) switch
        {
            10 => 'X',
            11 => '0',
            var digit => (char)('0' + digit),
        };
    }
}
