using System.Text.Json;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>The accounts as the cloud told them, by id and by card number. They stay on the disk: a hundred thousand of them take no memory.</summary>
internal sealed class AccountTable(AgentDatabase database)
{
    /// <summary>The account of a card; null when there is none.</summary>
    public CardAccount? Find(CardNo card) => database.Query(
        "SELECT a.account FROM card_numbers AS n JOIN card_accounts AS a ON a.id = n.account WHERE n.no = $no", Read, ("$no", card.Value)) is [var account] ? account : null;

    /// <summary>An account; null when it is not known here.</summary>
    public CardAccount? Get(AccountId id) =>
        database.Query("SELECT account FROM card_accounts WHERE id = $id", Read, ("$id", id.Value)) is [var account] ? account : null;

    /// <summary>The version of an account; null when it is not known here.</summary>
    public long? Version(AccountId id) =>
        database.Query("SELECT version FROM card_accounts WHERE id = $id", row => row.GetInt64(0), ("$id", id.Value)) is [var version] ? version : null;

    /// <summary>Takes an account in, unless what is here is as new.</summary>
    public void Put(CardAccount account)
    {
        var changed = database.Run(
            """
            INSERT INTO card_accounts (id, version, account) VALUES ($id, $version, $account)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, account = excluded.account WHERE excluded.version > card_accounts.version
            """,
            ("$id", account.AccountId.Value),
            ("$version", account.Version),
            ("$account", JsonSerializer.Serialize(account, CardJson.Default.CardAccount)));
        if (changed == 0)
            return;
        foreach (var card in account.Cards)
            Point(card, account.AccountId);
    }

    /// <summary>Forgets all accounts.</summary>
    public void Clear()
    {
        database.Run("DELETE FROM card_accounts");
        database.Run("DELETE FROM card_numbers");
    }

    /// <summary>A number that pays points to its account; one that pays no more takes it from no other account, to which the card may have been given since.</summary>
    private void Point(AccountCard card, AccountId account) => database.Run(
        card.State == CardState.Active
            ? "INSERT INTO card_numbers (no, account) VALUES ($no, $account) ON CONFLICT (no) DO UPDATE SET account = $account WHERE account <> $account"
            : "INSERT INTO card_numbers (no, account) VALUES ($no, $account) ON CONFLICT (no) DO NOTHING",
        ("$no", card.No.Value),
        ("$account", account.Value));

    private static CardAccount Read(SqliteDataReader row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.GetString(0), CardJson.Default.CardAccount) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or InvalidCastException)
        {
            throw new DatabaseDamagedException("an account cannot be read: " + e.Message, e);
        }
    }
}
