using System.Text.Json;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>The accounts as the cloud told them, by id and by card number. They stay on the disk: a hundred thousand of them take no memory.</summary>
internal sealed class AccountTable(AgentDatabase database)
{
    private (AccountId Id, long Version)? found;

    /// <summary>The account of a card; null when there is none.</summary>
    public CardAccount? Find(CardNo card) => database.Consistently(() =>
    {
        var account = database.Query(
            "SELECT a.account FROM card_numbers AS n JOIN card_accounts AS a ON a.id = n.account WHERE n.no = $no", Read, ("$no", card.Value)) is [var known] ? known : null;
        // What a transaction has put may be taken back.
        found = account is null || database.IsInTransaction ? null : (account.AccountId, account.Version);
        return account;
    });

    /// <summary>An account; null when it is not known here.</summary>
    public CardAccount? Get(AccountId id) =>
        database.Query("SELECT account FROM card_accounts WHERE id = $id", Read, ("$id", id.Value)) is [var account] ? account : null;

    /// <summary>The version of an account; null when it is not known here. A tap asks for the one that was found just before: nothing was put since, so it is not read again.</summary>
    public long? Version(AccountId id) => database.Consistently(() =>
    {
        if (found is { } just && just.Id == id)
            return just.Version;
        return database.Query("SELECT version FROM card_accounts WHERE id = $id", row => row.GetInt64(0), ("$id", id.Value)) is [var version] ? version : (long?)null;
    });

    /// <summary>Takes an account in, unless what is here is as new.</summary>
    public void Put(CardAccount account) => database.Consistently(() => Store(account));

    /// <summary>Forgets all accounts.</summary>
    public void Clear() => database.Consistently(() =>
    {
        found = null;
        database.Run("DELETE FROM card_accounts");
        database.Run("DELETE FROM card_numbers");
    });

    private void Store(CardAccount account)
    {
        found = null;
        var changed = database.Run(
            """
            INSERT INTO card_accounts (id, version, account) VALUES ($id, $version, $account)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, account = excluded.account WHERE excluded.version > card_accounts.version
            """,
            ("$id", account.AccountId.Value),
            ("$version", account.Version),
            ("$account", JsonSerializer.SerializeToUtf8Bytes(account, CardJson.Default.CardAccount)));
        if (changed == 0)
            return;
        foreach (var card in account.Cards)
            Point(card, account.AccountId);
    }

    /// <summary>A number that pays points to its account; one that pays no more takes it from no other account, to which the card may have been given since.</summary>
    private void Point(AccountCard card, AccountId account) => database.Run(
        card.State == CardState.Active
            ? "INSERT INTO card_numbers (no, account) VALUES ($no, $account) ON CONFLICT (no) DO UPDATE SET account = $account WHERE account <> $account"
            : "INSERT INTO card_numbers (no, account) VALUES ($no, $account) ON CONFLICT (no) DO NOTHING",
        ("$no", card.No.Value),
        ("$account", account.Value));

    private static CardAccount Read(Statement row)
    {
        try
        {
            return AccountText.Read(row.GetUtf8(0));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new DatabaseDamagedException("an account cannot be read: " + e.Message, e);
        }
    }
}
