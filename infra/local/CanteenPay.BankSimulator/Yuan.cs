namespace CanteenPay.BankSimulator;

/// <summary>Fen written as yuan: 1250 is 12.50, -5 is -0.05.</summary>
internal static class Yuan
{
    public static string Text(long fen) => $"{(fen < 0 ? "-" : "")}{Math.Abs(fen) / 100}.{Math.Abs(fen) % 100:00}";
}
