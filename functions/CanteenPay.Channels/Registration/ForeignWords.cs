using System.Text;
using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Registration;

/// <summary>What a bank says in words. It repeats what it was sent as it likes: numbers of people must not come back by this way into rows and logs.</summary>
internal static class ForeignWords
{
    private const int MaxCode = 40;

    /// <summary>Of dates the parts are shorter; a postcode is lost, and no harm done.</summary>
    private const int LongNumber = 6;

    /// <summary>One line in which numbers of six digits or more, also in groups and with the check letter of a resident number, are asterisks.</summary>
    public static string Hide(string? text)
    {
        var line = SwiftPassReply.OneLine(text ?? "");
        var shown = new StringBuilder(line.Length);
        for (var start = 0; start < line.Length;)
        {
            var (end, digits) = NumberAt(line, start);
            if (digits >= LongNumber)
                shown.Append("***");
            else
                shown.Append(line, start, end - start);
            start = end;
        }

        return shown.ToString();
    }

    /// <summary>A code of a refusal; a word for one that is none.</summary>
    public static string Code(string? code) =>
        code is { Length: > 0 and <= MaxCode } && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? Hide(code) : "no-code";

    /// <summary>Where the number that begins here ends, and its digits; of what is none, the next character.</summary>
    private static (int End, int Digits) NumberAt(string line, int start)
    {
        var (end, digits) = (start, 0);
        while (end < line.Length)
        {
            if (char.IsDigit(line[end]))
                digits++;
            else if (digits == 0 || line[end] != ' ' || end + 1 >= line.Length || !char.IsDigit(line[end + 1]))
                break;
            end++;
        }

        if (digits >= LongNumber && end < line.Length && line[end] is ('X' or 'x'))
            end++;
        return (Math.Max(end, start + 1), digits);
    }
}
