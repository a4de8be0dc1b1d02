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

    /// <summary>What an account takes of a message.</summary>
    public static int BytesOf(CardAccount account) => JsonSerializer.SerializeToUtf8Bytes(account, FunctionsJson.Default.CardAccount).Length + 1;

    /// <summary>The accounts in their order, cut into messages.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="maxBytes">Of one message; an account that is larger is alone in one.</param>
    public static IReadOnlyList<IReadOnlyList<CardAccount>> Cut(IEnumerable<CardAccount> accounts, int maxBytes)
    {
        var pages = new List<IReadOnlyList<CardAccount>>();
        var page = new List<CardAccount>();
        var bytes = 0;
        foreach (var account in accounts)
        {
            var size = BytesOf(account);
            if (page.Count > 0 && bytes + size > maxBytes)
            {
                pages.Add(page);
                (page, bytes) = ([], 0);
            }

            page.Add(account);
            bytes += size;
        }

        if (page.Count > 0)
            pages.Add(page);
        return pages;
    }
}
