using CanteenPay.Azure.Tables;

namespace CanteenPay.Functions.Operations;

/// <summary>The storage accounts that hold tables, by the names that settings give them.</summary>
/// <param name="accounts">All of them; <see cref="Main"/> is among them.</param>
internal sealed class TableAccounts(IReadOnlyDictionary<string, TableServiceClient> accounts)
{
    /// <summary>The account of all that does not lie with a merchant, and of the merchants that no setting puts elsewhere.</summary>
    public const string Main = "main";

    /// <summary>The names, <see cref="Main"/> first.</summary>
    public IEnumerable<string> Names => accounts.Keys.OrderBy(name => name != Main).ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>An account's tables.</summary>
    /// <exception cref="KeyNotFoundException">No account has the name.</exception>
    public TableServiceClient this[string name] => accounts[name];
}
