using System.Text.RegularExpressions;
using Azure.Core;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Homes;

/// <summary>
/// Which storage account a merchant's books lie in: <c>Tables:Accounts:{name}</c> is an account beside the main one (its address; locally a connection string),
/// <c>Tables:Homes:{merchantId}</c> the name of the account in which a merchant lives. Whoever is not named lives in the main one.
/// </summary>
/// <param name="names">The merchants that live elsewhere.</param>
internal sealed partial class MerchantHomes(IReadOnlyDictionary<MerchantId, string> names)
{
    private const string Accounts = "Tables:Accounts", Homes = "Tables:Homes";

    /// <summary>The name of a merchant's account.</summary>
    public string Of(MerchantId merchant) => names.GetValueOrDefault(merchant, TableAccounts.Main);

    /// <summary>The homes, every one in an account that is declared.</summary>
    /// <exception cref="SettingException">A merchant or an account is none.</exception>
    public static MerchantHomes Read(IConfiguration configuration, TableAccounts accounts)
    {
        var homes = new Dictionary<MerchantId, string>();
        foreach (var home in configuration.GetSection(Homes).GetChildren())
        {
            if (!MerchantId.TryParse(home.Key, null, out var merchant))
                throw new SettingException($"The setting {Homes}:{home.Key} names no merchant: 8 characters of Crockford base32, upper case.");
            if (home.Value is not { Length: > 0 } name || !accounts.Names.Contains(name))
                throw new SettingException($"The setting {Homes}:{home.Key} is '{home.Value}', and no setting {Accounts}:{home.Value} declares that account.");
            homes.Add(merchant, name);
        }

        return new(homes);
    }

    /// <summary>The accounts beside the main one.</summary>
    /// <exception cref="SettingException">A name or an address is none.</exception>
    public static TableAccounts ReadAccounts(IConfiguration configuration, TableServiceClient main, Lazy<TokenCredential> identity)
    {
        var accounts = new Dictionary<string, TableServiceClient> { [TableAccounts.Main] = main };
        foreach (var account in configuration.GetSection(Accounts).GetChildren())
        {
            var setting = $"{Accounts}:{account.Key}";
            if (!AccountName().IsMatch(account.Key) || account.Key == TableAccounts.Main)
                throw new SettingException($"The setting {setting} has no name for an account: 1 to 8 lower-case letters and digits, a letter first, and not '{TableAccounts.Main}'.");
            accounts.Add(account.Key, Open(configuration, setting, identity));
        }

        return new(accounts);
    }

    private static TableServiceClient Open(IConfiguration configuration, string setting, Lazy<TokenCredential> identity)
    {
        var value = Settings.Text(configuration, setting);
        if (value.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            return new(Settings.Url(configuration, setting), identity.Value);
        try
        {
            return new(value);
        }
        catch (FormatException e)
        {
            throw new SettingException($"The setting {setting} is neither an address such as https://account.table.core.windows.net nor a connection string: {e.Message}");
        }
    }

    // It becomes part of a storage account's name, which has 24 characters at most.
    [GeneratedRegex("^[a-z][a-z0-9]{0,7}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex AccountName();
}
