using System.Globalization;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Merchants;
using Fields = System.Collections.Generic.IReadOnlyList<(string Name, string Value)>;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>
/// Another amount, another merchant: changed before the bank signs, so the signature is right. Lies are told about money only, that is
/// about paid orders and about refunds; the book never hears of them.
/// </summary>
internal sealed class Lies(ChaosBoard chaos, MerchantDirectory merchants)
{
    /// <summary>The fields with what the dice make of them, and the name of the lie if one is told. <paramref name="call"/> is null in a notification.</summary>
    public (Fields Fields, string? Told) Tell(string order, BankMerchant merchant, Fields truth, GatewayCall? call)
    {
        if (!truth.Any(f => f.Name is "time_end" or "refund_count"))
            return (truth, null);
        var (fields, told) = (truth, (string?)null);
        if (chaos.Strikes(order, Fault.WrongAmount, call))
        {
            var how = chaos.Pick(order, Fault.WrongAmount, 3);
            (fields, told) = ([.. fields.Select(f => IsAmount(f.Name) ? (f.Name, Wrong(f.Value, how)) : f)], Faults.Of(Fault.WrongAmount).Name);
        }

        if (chaos.Strikes(order, Fault.WrongMerchant, call))
            (fields, told) = ([.. fields, ("mch_id", OtherThan(merchant))], Faults.Of(Fault.WrongMerchant).Name);
        return (fields, told);
    }

    private static bool IsAmount(string name) => name is "total_fee" || name.StartsWith("refund_fee_", StringComparison.Ordinal);

    /// <summary>A fen more, a fen less where there is one, or yuan taken for fen.</summary>
    private static string Wrong(string fen, int how)
    {
        var right = long.Parse(fen, CultureInfo.InvariantCulture);
        var wrong = how switch
        {
            0 => right + 1,
            1 => right > 1 ? right - 1 : 2,
            _ => right * 100,
        };
        return wrong.ToString(CultureInfo.InvariantCulture);
    }

    private string OtherThan(BankMerchant merchant) =>
        merchants.All().Select(m => m.MchId).Where(m => m != merchant.MchId).Order(StringComparer.Ordinal).FirstOrDefault() ?? merchant.MchId + "9";
}
