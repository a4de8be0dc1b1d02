namespace CanteenPay.Functions.Merchants.Identifiers;

/// <summary>Numbers of people as they are shown: enough to recognise one's own, too little for anybody else.</summary>
internal static class Masks
{
    private const char Hidden = '*';

    /// <summary>A resident number: <c>1101**********002X</c>.</summary>
    public static string ResidentId(string number) => Ends(number, 4, 4);

    /// <summary>A phone: <c>138****5678</c>.</summary>
    public static string Phone(string number) => Ends(number, 3, 4);

    /// <summary>A bank card or account: <c>6228 **** **** 8018</c>, whatever its length.</summary>
    public static string Account(string number) => number.Length < 12 ? $"**** {number[^Math.Min(4, number.Length / 2)..]}" : $"{number[..4]} **** **** {number[^4..]}";

    /// <summary>Whether a text is a mask rather than a number.</summary>
    public static bool IsMask(string text) => text.Contains(Hidden);

    private static string Ends(string number, int first, int last) => number.Length < 2 * (first + last) - 4
        ? new string(Hidden, number.Length)
        : string.Concat(number.AsSpan(0, first), new string(Hidden, number.Length - first - last), number.AsSpan(number.Length - last));
}
