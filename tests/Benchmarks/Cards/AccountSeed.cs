using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks.Cards;

/// <summary>
/// Accounts that hold nothing, written straight into the table: the office would take an hour over so many, and machines pull them all the same. Nothing of the ledger
/// is missing, since nothing was paid in. Only accounts, and one transaction after the other: Azurite looks through all rows for each one that it writes.
/// </summary>
internal static class AccountSeed
{
    private const int InTransaction = 100;

    public static async Task WriteAsync(string connectionString, string merchant, int accounts)
    {
        var table = new TableServiceClient(connectionString).GetTableClient(CardKeys.Cards);
        foreach (var some in Enumerable.Range(0, accounts).Chunk(InTransaction))
        {
            await table.SubmitTransactionAsync(
                some.Select(n => new TableTransactionAction(TableTransactionActionType.Add, new AccountRow(MerchantId.Parse(merchant), Account(n), default).ToTableEntity())));
            if (some[^1] % 5000 == 5000 - 1)
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{some[^1] + 1} of {accounts} accounts are written"));
        }
    }

    private static CardAccount Account(int n)
    {
        var card = CardNo.Parse(string.Create(CultureInfo.InvariantCulture, $"E{n:D7}"));
        return new()
        {
            AccountId = AccountId.New(Crockford.Random),
            Version = 1,
            CardType = "staff",
            Name = $"职工 {n}",
            Department = "一车间",
            Cards = [new(card, CardState.Active)],
            Purses = [new(PurseLot.Cash, Purse.Cash, Fen.Zero)],
        };
    }
}
