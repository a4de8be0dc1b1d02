using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks.Cards;

/// <summary>
/// Accounts that hold nothing, written straight into the table: the office would take an hour over so many, and machines pull them all the same. Nothing of the ledger
/// is missing, since nothing was paid in.
/// </summary>
internal static class AccountSeed
{
    private const int AccountsInTransaction = 50;
    private const int AtOnce = 4;

    public static Task WriteAsync(string connectionString, string merchant, int accounts)
    {
        var table = new TableServiceClient(connectionString).GetTableClient(CardKeys.Cards);
        var rows = Enumerable.Range(0, accounts).Chunk(AccountsInTransaction);
        return Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (some, cancellationToken) =>
            await table.SubmitTransactionAsync(some.SelectMany(n => Rows(MerchantId.Parse(merchant), n)), cancellationToken));
    }

    private static IEnumerable<TableTransactionAction> Rows(MerchantId merchant, int n)
    {
        var card = CardNo.Parse(string.Create(CultureInfo.InvariantCulture, $"E{n:D7}"));
        var account = new CardAccount
        {
            AccountId = AccountId.New(Crockford.Random),
            Version = 1,
            CardType = "staff",
            Name = $"职工 {n}",
            Department = "一车间",
            Cards = [new(card, CardState.Active)],
            Purses = [new(PurseLot.Cash, Purse.Cash, Fen.Zero)],
        };
        yield return new(TableTransactionActionType.Add, new AccountRow(merchant, account, default).ToTableEntity());
        yield return new(TableTransactionActionType.Add, new CardRow(merchant, card, account.AccountId).ToTableEntity());
    }
}
