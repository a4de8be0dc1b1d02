using System.Globalization;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>What applications begin with, section <c>Merchants</c>.</summary>
/// <param name="BankCostBasisPoints"><c>BankCostBasisPoints</c>: the bank's part of the rate when an application names none, 20.</param>
internal sealed record ApplicationSettings(int BankCostBasisPoints)
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    public static ApplicationSettings Read(IConfiguration configuration)
    {
        const string name = "Merchants:BankCostBasisPoints";
        var value = configuration[name];
        if (string.IsNullOrEmpty(value))
            return new(20);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var cost) && cost <= FeeTerms.MaxRate
            ? new(cost)
            : throw new SettingException($"The setting {name} is '{value}', which is not a number of basis points from 0 to {FeeTerms.MaxRate}.");
    }
}
