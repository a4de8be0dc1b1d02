using System.Globalization;

namespace CanteenPay.Functions.Merchants.Rates;

/// <summary>How a payment's fee is divided, in hundredths of a percent of the payment: the rate = the bank's part + the distributors' parts + ours.</summary>
/// <param name="RateBasisPoints">What a payment costs the merchant.</param>
/// <param name="BankCostBasisPoints">The bank's part.</param>
/// <param name="Shares">The distributors' parts.</param>
internal sealed record FeeTerms(int RateBasisPoints, int BankCostBasisPoints, IReadOnlyList<FeeShare> Shares)
{
    /// <summary>Ten percent: nobody pays so much, but somebody may key it.</summary>
    public const int MaxRate = 1_000;

    /// <summary>What payments need to know of it.</summary>
    public FeeRate Rate => new(RateBasisPoints, BankCostBasisPoints);

    /// <summary>Most distributors of a merchant.</summary>
    public const int MaxShares = 10;

    /// <summary>What is wrong, by field; nothing when it may stand.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void Check(FeeTerms terms, Dictionary<string, string[]> errors)
    {
        if (terms.RateBasisPoints is < 0 or > MaxRate)
            errors["rateBasisPoints"] = [$"费率以万分之一计，0 至 {MaxRate} / The rate in basis points, 0 to {MaxRate}"];
        if (terms.BankCostBasisPoints is < 0 or > MaxRate)
            errors["bankCostBasisPoints"] = [$"银行成本以万分之一计，0 至 {MaxRate} / The bank's cost in basis points, 0 to {MaxRate}"];
        if (terms.Shares.Count > MaxShares)
            errors["shares"] = [$"分润方最多 {MaxShares} 个 / At most {MaxShares} shares"];
        else if (terms.Shares.Any(share => share.BasisPoints is < 1 or > MaxRate))
            errors["shares"] = ["每项分润至少万分之一 / Each share is at least one basis point"];
        else if (terms.Shares.DistinctBy(share => share.Distributor).Count() < terms.Shares.Count)
            errors["shares"] = ["同一经销商只能有一项 / A distributor has one share only"];
        if (errors.Count == 0 && terms.Shares.Sum(share => share.BasisPoints) + terms.BankCostBasisPoints > terms.RateBasisPoints)
            errors["shares"] = [string.Create(CultureInfo.InvariantCulture, $"分润与银行成本之和超过费率 {terms.RateBasisPoints} / The shares and the bank's cost are more than the rate of {terms.RateBasisPoints}")];
    }
}

/// <summary>A distributor's part of a fee.</summary>
/// <param name="Distributor">Whose.</param>
/// <param name="BasisPoints">Of the payment, in hundredths of a percent.</param>
internal sealed record FeeShare(DistributorId Distributor, int BasisPoints);
