using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Cloud;

namespace CanteenPay.Simulation.Invariants;

/// <summary>What the cloud holds of one merchant's card money, read from outside at one moment: no time passes, nothing fails.</summary>
internal sealed class CardBooks
{
    private CardBooks(MerchantId merchant, IReadOnlyList<TableEntity> cards, IReadOnlyList<TableEntity> entries)
    {
        Merchant = merchant;
        Accounts = [.. Of(cards, CardKeys.AccountPrefix).Select(row => AccountRow.FromTableEntity(row).Account)];
        Cursors = [.. Of(cards, CardKeys.CursorPrefix).Select(CursorRow.FromTableEntity)];
        Moved = [.. Of(cards, CardKeys.OperationPrefix).Where(row => row.ContainsKey("Entries0")).Select(MovedRow.FromTableEntity)];
        Operations = [.. Of(cards, CardKeys.OperationPrefix).Where(row => !row.ContainsKey("Entries0"))];
        Feed = cards.FirstOrDefault(row => row.RowKey == CardKeys.Feed) is { } feed ? FeedRow.FromTableEntity(feed) : FeedRow.Begin(merchant);
        Changes = Of(cards, CardKeys.ChangePrefix).Count();
        Ledger = [.. entries.Select(LedgerRow.FromTableEntity)];
        var through = Cursors.ToDictionary(cursor => cursor.Journal, cursor => cursor.Through, StringComparer.Ordinal);
        Tapped = [.. Ledger.Where(row => row.Entry.Tapped is { } tapped && tapped.Seq <= through.GetValueOrDefault(JournalOf(row)))];
    }

    /// <summary>Whose.</summary>
    public MerchantId Merchant { get; }

    /// <summary>All accounts.</summary>
    public IReadOnlyList<CardAccount> Accounts { get; }

    /// <summary>All journals.</summary>
    public IReadOnlyList<CursorRow> Cursors { get; }

    /// <summary>What operations moved, in transactions that were committed.</summary>
    public IReadOnlyList<MovedRow> Moved { get; }

    /// <summary>The headers of operations.</summary>
    public IReadOnlyList<TableEntity> Operations { get; }

    /// <summary>The feed.</summary>
    public FeedRow Feed { get; }

    /// <summary>Changes that the feed has not taken up.</summary>
    public int Changes { get; }

    /// <summary>All rows of the ledger.</summary>
    public IReadOnlyList<LedgerRow> Ledger { get; }

    /// <summary>Machines' rows of the ledger, as far as they are booked.</summary>
    public IReadOnlyList<LedgerRow> Tapped { get; }

    /// <summary>All that changed balances.</summary>
    public IEnumerable<LedgerEntry> Entries => Tapped.Select(row => row.Entry).Concat(Moved.SelectMany(moved => moved.Entries));

    /// <summary>The journal of a machine's row.</summary>
    public static string JournalOf(LedgerRow row) => row.RowKey[..row.RowKey.LastIndexOf('-')];

    /// <summary>Reads them.</summary>
    public static CardBooks Of(ShakyAzure azure, MerchantId merchant) => new(
        merchant,
        azure.Rows(CardKeys.Cards, $"PartitionKey eq '{merchant}'"),
        azure.Rows(CardKeys.Entries, $"PartitionKey gt '{merchant}-' and PartitionKey lt '{merchant}.'"));

    private static IEnumerable<TableEntity> Of(IEnumerable<TableEntity> rows, string prefix) =>
        rows.Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal));
}
