using System.Security.Cryptography;
using CanteenPay.BankSimulator.Gateway;

namespace CanteenPay.BankSimulator.Orders;

/// <summary>Numbers that look like the real ones.</summary>
internal static class BankNumbers
{
    public static string OfOrder(string mchId, DateTimeOffset now) => $"{mchId}{BankTime.Format(now)}{Digits(10)}";

    public static string OfRefund(string mchId, DateTimeOffset now) => $"{mchId}{BankTime.Format(now)}9{Digits(9)}";

    public static string OfWallet(PayWallet wallet, DateTimeOffset now) => wallet is PayWallet.WeChat
        ? $"420000{BankTime.Format(now)[..8]}{Digits(14)}"
        : $"{BankTime.Format(now)[..8]}22001{Digits(15)}";

    public static string OfPayer(PayWallet wallet) => wallet is PayWallet.WeChat
        ? "o" + RandomNumberGenerator.GetHexString(27, lowercase: true)
        : "2088" + Digits(12);

    public static string Token() => RandomNumberGenerator.GetHexString(20, lowercase: true);

    private static string Digits(int count) => RandomNumberGenerator.GetString("0123456789", count);
}
