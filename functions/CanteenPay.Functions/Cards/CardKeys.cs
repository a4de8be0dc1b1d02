using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>
/// Keys of card money. Table <c>Cards</c>: one partition a merchant, so that one transaction moves all that must move together. Table <c>CardEntries</c>: the ledger,
/// a partition for each merchant and posting day.
/// </summary>
internal static class CardKeys
{
    /// <summary>The table of accounts, cards, cursors, changes and operations.</summary>
    public const string Cards = "Cards";

    /// <summary>The table of the ledger.</summary>
    public const string Entries = "CardEntries";

    /// <summary>Row of the merchant's feed.</summary>
    public const string Feed = "feed";

    /// <summary>Row of how the merchant's machines are to work.</summary>
    public const string Rules = "rules";

    /// <summary>Where rows of card numbers begin.</summary>
    public const string CardPrefix = "card-";

    /// <summary>Where rows of reversed taps begin.</summary>
    public const string ReversalPrefix = "rev-";

    /// <summary>Where rows of the feed's versions begin.</summary>
    public const string LogPrefix = "log-";

    /// <summary>Where rows of accounts begin.</summary>
    public const string AccountPrefix = "account-";

    /// <summary>Where rows of changes that the feed has not taken up begin.</summary>
    public const string ChangePrefix = "chg-";

    /// <summary>Where rows of journals' cursors begin.</summary>
    public const string CursorPrefix = "device-";

    /// <summary>Where rows of operations begin: <c>op-{key}</c>, and <c>op-{key}.{n}</c> for what it moved.</summary>
    public const string OperationPrefix = "op-";

    /// <summary>Where the ledger's rows of operations begin.</summary>
    public const string CloudPrefix = "cloud-";

    /// <summary>An account.</summary>
    public static string Account(AccountId account) => AccountPrefix + account.Value;

    /// <summary>Whose card a number is.</summary>
    public static string Card(CardNo card) => CardPrefix + card.Value;

    /// <summary>A journal's cursor.</summary>
    public static string Cursor(DeviceId device, Epoch epoch) => $"{CursorPrefix}{device}-{epoch}";

    /// <summary>Accounts that a transaction changed; the key is the transaction's own.</summary>
    public static string Change(string key) => ChangePrefix + key;

    /// <summary>A version of the feed.</summary>
    public static string Log(long version) => string.Create(CultureInfo.InvariantCulture, $"{LogPrefix}{version:D12}");

    /// <summary>That a tap was reversed.</summary>
    public static string Reversal(TapId tap) => ReversalPrefix + tap.Value;

    /// <summary>An operation's parameters and progress.</summary>
    public static string Operation(string key) => OperationPrefix + key;

    /// <summary>What an operation moved: written in the transaction that moved it.</summary>
    public static string Moved(string key, int chunk) => string.Create(CultureInfo.InvariantCulture, $"{OperationPrefix}{key}.{chunk}");

    /// <summary>The ledger's partition of a merchant's posting day.</summary>
    public static string LedgerPartition(MerchantId merchant, DateOnly postingDay) => $"{merchant}-{BusinessDay.Key(postingDay)}";

    /// <summary>The ledger's row of a machine's entry.</summary>
    public static string Entry(DeviceId device, Epoch epoch, long seq) => string.Create(CultureInfo.InvariantCulture, $"{device}-{epoch}-{seq:D10}");

    /// <summary>The key of the journal (<see cref="CardAccount.JournalKey"/>) that a row of a machine's entry is of.</summary>
    public static string JournalOf(string entryKey) => entryKey[..(DeviceId.Length + 1 + Epoch.Length)];

    /// <summary>The ledger's row of the n-th entry of an operation.</summary>
    public static string CloudEntry(string key, int n) => string.Create(CultureInfo.InvariantCulture, $"{CloudPrefix}{key}.{n}");
}
