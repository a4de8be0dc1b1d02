using System.Text.Json;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Rules;

/// <summary>How many accounts fit a message.</summary>
internal static class AccountPages
{
    /// <summary>What a message may hold of accounts: the rest is for what surrounds them.</summary>
    public const int MaxBytes = DeviceMessageJson.MaxBytes - 1024;

    /// <summary>What a version of the feed may hold: accounts grow until it is published.</summary>
    public const int MaxVersionBytes = MaxBytes * 3 / 4;

    /// <summary>The accounts in their order, cut into messages.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="maxBytes">Of one message; an account that is larger is alone in one.</param>
    public static IReadOnlyList<IReadOnlyList<SizedAccount>> Cut(IEnumerable<SizedAccount> accounts, int maxBytes)
    {
        var pages = new List<IReadOnlyList<SizedAccount>>();
        var page = new List<SizedAccount>();
        var bytes = 0;
        foreach (var account in accounts)
        {
            if (page.Count > 0 && bytes + account.Bytes > maxBytes)
            {
                pages.Add(page);
                (page, bytes) = ([], 0);
            }

            page.Add(account);
            bytes += account.Bytes;
        }

        if (page.Count > 0)
            pages.Add(page);
        return pages;
    }
}

/// <summary>An account and what it takes of a message.</summary>
/// <param name="Account">The account.</param>
/// <param name="Bytes">Its bytes as JSON, and the comma.</param>
internal sealed record SizedAccount(CardAccount Account, int Bytes)
{
    /// <summary>Measures an account.</summary>
    public static SizedAccount Of(CardAccount account) => new(account, JsonSerializer.SerializeToUtf8Bytes(account, FunctionsJson.Default.CardAccount).Length + 1);
}
