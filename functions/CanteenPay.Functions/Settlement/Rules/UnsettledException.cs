using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>A merchant's day that cannot be reckoned: whose, what is wrong, and what is to be done. Nothing was written; what stood before still stands.</summary>
internal sealed class UnsettledException : Exception
{
    /// <param name="merchant">Whose day.</param>
    /// <param name="day">The settlement date.</param>
    /// <param name="what">What is wrong, as a sentence.</param>
    /// <param name="remedy">What somebody is to do, as a sentence.</param>
    /// <param name="inner">What led to it.</param>
    public UnsettledException(MerchantId merchant, DateOnly day, string what, string remedy, Exception? inner = null)
        : base(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} of merchant {merchant} cannot be settled. {what} {remedy}"), inner)
    {
    }
}
