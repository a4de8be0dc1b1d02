using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Cloud;

namespace CanteenPay.Simulation.Invariants;

/// <summary>What the cloud holds of one merchant's card money, read from outside at one moment: no time passes, nothing fails. Rows are understood when they are asked for.</summary>
internal sealed class CardBooks
{
    private readonly ShakyAzure azure;
    private readonly IReadOnlyList<TableEntity> cards;
    private readonly IReadOnlyList<TableEntity> entries;

    private CardBooks(ShakyAzure azure, MerchantId merchant, IReadOnlyList<TableEntity> cards, IReadOnlyList<TableEntity> entries) =>
        (this.azure, Merchant, this.cards, this.entries) = (azure, merchant, cards, entries);

    /// <summary>Whose.</summary>
    public MerchantId Merchant { get; }

    /// <summary>All accounts.</summary>
    public IReadOnlyList<CardAccount> Accounts => field ??= [.. Of(CardKeys.AccountPrefix).Select(row => azure.Understood<AccountRow>(row).Account)];

    /// <summary>All journals.</summary>
    public IReadOnlyList<CursorRow> Cursors => field ??= [.. Of(CardKeys.CursorPrefix).Select(azure.Understood<CursorRow>)];

    /// <summary>What operations moved, in transactions that were committed.</summary>
    public IReadOnlyList<MovedRow> Moved => field ??= [.. Of(CardKeys.OperationPrefix).Where(IsMoved).Select(azure.Understood<MovedRow>)];

    /// <summary>Operations as they were asked for.</summary>
    public IReadOnlyList<OperationRow> Operations => field ??= [.. Of(CardKeys.OperationPrefix).Where(row => !IsMoved(row)).Select(azure.Understood<OperationRow>)];

    /// <summary>The feed.</summary>
    public FeedRow Feed => cards.FirstOrDefault(row => row.RowKey == CardKeys.Feed) is { } feed ? FeedRow.FromTableEntity(feed) : FeedRow.Begin(Merchant);

    /// <summary>Changes that the feed has not taken up.</summary>
    public int Changes => Of(CardKeys.ChangePrefix).Count();

    /// <summary>All rows of the ledger.</summary>
    public IReadOnlyList<LedgerRow> Ledger => field ??= [.. entries.Select(azure.Understood<LedgerRow>)];

    /// <summary>Machines' rows of the ledger, as far as they are booked.</summary>
    public IReadOnlyList<LedgerRow> Tapped => field ??= FindTapped();

    /// <summary>All that changed balances.</summary>
    public IEnumerable<LedgerEntry> Entries => Tapped.Select(row => row.Entry).Concat(Moved.SelectMany(moved => moved.Entries));

    /// <summary>The journal of a machine's row.</summary>
    public static string JournalOf(LedgerRow row) => row.RowKey[..row.RowKey.LastIndexOf('-')];

    /// <summary>Reads them.</summary>
    public static CardBooks Of(ShakyAzure azure, MerchantId merchant) => new(
        azure,
        merchant,
        azure.Rows(CardKeys.Cards, $"PartitionKey eq '{merchant}'"),
        azure.Rows(CardKeys.Entries, $"PartitionKey gt '{merchant}-' and PartitionKey lt '{merchant}.'"));

    /// <summary>Its journals alone.</summary>
    public static IReadOnlyList<CursorRow> CursorsOf(ShakyAzure azure, MerchantId merchant) =>
        [.. azure.Rows(CardKeys.Cards, $"PartitionKey eq '{merchant}' and RowKey ge 'device-' and RowKey lt 'device.'").Select(CursorRow.FromTableEntity)];

    private List<LedgerRow> FindTapped()
    {
        var through = Cursors.ToDictionary(cursor => cursor.Journal, cursor => cursor.Through, StringComparer.Ordinal);
        return [.. Ledger.Where(row => row.Entry.Tapped is { } tapped && tapped.Seq <= through.GetValueOrDefault(JournalOf(row)))];
    }

    private static bool IsMoved(TableEntity row) => row.ContainsKey("Entries0");

    private IEnumerable<TableEntity> Of(string prefix) => cards.Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal));
}
