using System.Buffers;

namespace CanteenPay.Functions.Audit;

/// <summary>Of whom or what a request was, by the values of its route.</summary>
internal static class AuditSubject
{
    private const int LongestValue = 64;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Names and values in the order of their names; what is no id is masked.</summary>
    public static string Of(RouteValueDictionary values) => string.Join(' ', values.OrderBy(value => value.Key, StringComparer.Ordinal)
        .Select(value => $"{value.Key}={(value.Value is string text && IsId(text) ? text : AuditMask.Hidden)}"));

    private static bool IsId(string text) => text.Length is > 0 and <= LongestValue && !text.AsSpan().ContainsAnyExcept(IdCharacters);
}
