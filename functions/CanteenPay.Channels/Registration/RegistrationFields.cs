using System.Globalization;

namespace CanteenPay.Channels.Registration;

/// <summary>A form as the fields of the bank's services (after CMBC's <c>mchntAdd</c> and <c>chnlAdd</c>, payment facts §2).</summary>
internal static class RegistrationFields
{
    /// <summary>The wallets that a merchant is registered for: WeChat and Alipay.</summary>
    public static readonly IReadOnlyList<string> Wallets = ["0005", "0007"];

    /// <summary>Fields of <c>mchntAdd</c> and <c>mchntUpd</c>.</summary>
    public static SortedDictionary<string, string> Merchant(RegistrationForm form, BankRegistrationOptions options) => new(StringComparer.Ordinal)
    {
        ["platformId"] = options.PlatformId,
        ["operId"] = options.PlatformId,
        ["outMchntId"] = form.OutMerchantId,
        ["mchntName"] = form.MerchantName,
        ["industryId"] = options.IndustryId,
        ["province"] = form.Province,
        ["city"] = form.City,
        ["address"] = form.Address,
        ["licId"] = form.Licence,
        ["licIdValidity"] = form.LicenceValidUntil.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["corpName"] = form.LegalPerson,
        ["idtCard"] = form.ResidentId,
        ["contactName"] = form.ContactName,
        ["telephone"] = form.ContactPhone,
        ["remark"] = form.LegalName,
        ["devType"] = "1",
        ["autoSettle"] = "1",
    };

    /// <summary>Fields of <c>chnlAdd</c>.</summary>
    public static SortedDictionary<string, string> Channel(RegistrationForm form, string wallet, BankRegistrationOptions options) => new(StringComparer.Ordinal)
    {
        ["outMchntId"] = form.OutMerchantId,
        ["apiCode"] = wallet,
        ["industryId"] = options.IndustryId,
        // Through the bank, not with an own contract at the wallet.
        ["operateType"] = "1",
        // Percent: 0.60.
        ["specFeeRate"] = (form.RateBasisPoints / 100m).ToString("0.00", CultureInfo.InvariantCulture),
        ["account"] = form.Account,
        ["pbcBankId"] = form.AccountBank,
        ["acctName"] = form.AccountName,
        ["acctType"] = form.IsCorporateAccount ? "2" : "1",
        ["idType"] = "01",
        ["idCode"] = form.ResidentId,
        ["acctTelephone"] = form.ContactPhone,
    };
}
