using CanteenPay.Functions.Payments.Rules;

namespace CanteenPay.Functions.Merchants.Rates;

/// <summary>What a payment costs its merchant, as payments need to know it; both in hundredths of a percent of the payment.</summary>
/// <param name="BasisPoints">All of it.</param>
/// <param name="BankCostBasisPoints">The bank's part.</param>
internal readonly record struct FeeRate(int BasisPoints, int BankCostBasisPoints)
{
    /// <summary>Of a merchant without any rate: the common 0.6 %, of which nobody knows the bank's part.</summary>
    public static readonly FeeRate Common = new(ChannelFee.DefaultRateBasisPoints, 0);
}
