using System.Text;

namespace CanteenPay.Protocol;

/// <summary>
/// Amounts as a Mandarin speaker reads them aloud: 12.50 → 十二点五元. 10–19 start with 十 and become 一十 inside larger numbers; zeros between digits
/// collapse to one 零; decimals are read digit by digit without trailing zeros (payment facts §8).
/// </summary>
public static class SpokenAmount
{
    private const string Digits = "零一二三四五六七八九";
    private const long MaxYuan = 99_999_999;

    /// <summary>The words, ending in 元.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or ¥100,000,000 and more.</exception>
    public static string Words(Fen amount)
    {
        if (amount.Value < 0 || amount.Value / 100 > MaxYuan)
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "Amounts from 0.00 to 99999999.99 can be spoken.");
        return Whole((int)(amount.Value / 100)) + Decimals((int)(amount.Value % 100)) + "元";
    }

    private static string Whole(int yuan)
    {
        if (yuan == 0)
            return "零";
        var words = new StringBuilder();
        var (tenThousands, rest) = Math.DivRem(yuan, 10_000);
        if (tenThousands > 0)
        {
            AppendSection(words, tenThousands);
            words.Append('万');
            if (rest is > 0 and < 1000)
                words.Append('零');
        }

        AppendSection(words, rest);
        return words is ['一', '十', ..] ? words.ToString(1, words.Length - 1) : words.ToString();
    }

    /// <summary>1–9999; nothing for 0.</summary>
    private static void AppendSection(StringBuilder words, int number)
    {
        ReadOnlySpan<(int Unit, string Name)> places = [(1000, "千"), (100, "百"), (10, "十"), (1, "")];
        var started = false;
        var zeroPending = false;
        foreach (var (unit, name) in places)
        {
            var digit = number / unit % 10;
            if (digit == 0)
            {
                zeroPending = started;
                continue;
            }

            if (zeroPending)
                words.Append('零');
            words.Append(Digits[digit]).Append(name);
            started = true;
            zeroPending = false;
        }
    }

    private static string Decimals(int fen) => (fen / 10, fen % 10) switch
    {
        (0, 0) => "",
        (var tenths, 0) => $"点{Digits[tenths]}",
        var (tenths, hundredths) => $"点{Digits[tenths]}{Digits[hundredths]}",
    };
}
