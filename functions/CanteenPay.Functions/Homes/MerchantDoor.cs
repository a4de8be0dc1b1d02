using System.Collections.Concurrent;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Homes;

/// <summary>
/// The way to a merchant's books. The first time that a process goes there it reads the account's mark, so that a lost or old setting cannot open a second ledger beside
/// the first one.
/// </summary>
internal sealed class MerchantDoor(TableAccounts accounts, MerchantHomes homes, ILogger<MerchantDoor> logger)
{
    private readonly ConcurrentDictionary<MerchantId, TableServiceClient> _open = new();

    /// <summary>The account in which a merchant lives.</summary>
    /// <exception cref="HomeException">Settings and books contradict each other.</exception>
    /// <exception cref="global::Azure.RequestFailedException">Storage refused, or was not reached.</exception>
    public async ValueTask<TableServiceClient> OpenAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        if (_open.TryGetValue(merchant, out var known))
            return known;
        var name = homes.Of(merchant);
        var account = accounts[name];
        var mark = await account.GetTableClient(HomeMark.Table).GetEntityIfExistsAsync<HomeMark>(merchant.Value, HomeMark.Row, cancellationToken);
        if (Contradiction(merchant, name, mark) is { } why)
        {
            OperationsLog.HomeContradicted(logger, merchant.Value, why);
            throw new HomeException(merchant, why);
        }

        _open[merchant] = account;
        return account;
    }

    private static string? Contradiction(MerchantId merchant, string name, HomeMark? mark) => mark switch
    {
        null when name == TableAccounts.Main => null,
        null => $"the setting Tables:Homes:{merchant} is '{name}', and that account does not say that it was moved there; infra/tables.sh move ends a move.",
        { IsHere: true } => null,
        _ => $"it was moved to the account '{mark.LivesIn}' at {mark.At:yyyy-MM-dd HH:mm} UTC, and the setting Tables:Homes:{merchant} is {(name == TableAccounts.Main ? "missing" : $"'{name}'")}.",
    };
}
