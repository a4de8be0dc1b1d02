using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Postings;

namespace CanteenPay.Functions.Homes;

/// <summary>The tables of all accounts as if they were of one: a merchant's books lie where it lives, everything else in the main account. No store knows of it.</summary>
internal sealed class HomedTables(TableAccounts accounts, MerchantDoor door) : TableServiceClient
{
    /// <summary>The tables that lie with their merchant. Each partition of theirs is called by a merchant's id, or begins with it and a hyphen.</summary>
    public static readonly IReadOnlyList<string> Books = [OrderStore.Table, PostingStore.Table, CardKeys.Cards, CardKeys.Entries];

    /// <inheritdoc/>
    public override TableClient GetTableClient(string tableName)
    {
        var main = accounts[TableAccounts.Main].GetTableClient(tableName);
        return Books.Contains(tableName) ? new HomedTable(main, door) : main;
    }
}
