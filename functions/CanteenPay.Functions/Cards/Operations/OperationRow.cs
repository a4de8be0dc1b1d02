using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>What was asked for under a key: stored before anything moves, so that whoever finishes it does the same.</summary>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Key">Its key.</param>
/// <param name="Account">The account; of a new one the id that it gets.</param>
/// <param name="Operation">What is wanted.</param>
/// <param name="Hash">Of what the caller sent: the same key with another one is a mistake.</param>
/// <param name="PostingDay">The business day that it counts to.</param>
/// <param name="RequestedAt">When it was asked for, by the cloud's clock.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record OperationRow(
    MerchantId Merchant, string Key, AccountId Account, CardOperation Operation, string Hash, DateOnly PostingDay, DateTimeOffset RequestedAt, ETag Version = default)
    : ITableEntity<OperationRow>
{
    /// <summary>Nothing is left to be done: its entries are in the ledger too.</summary>
    public bool IsFinished { get; init; }

    /// <summary>While an account closes: the version of the feed from which on machines know it.</summary>
    public long? KnownFrom { get; init; }

    /// <summary>What somebody asks for now.</summary>
    /// <param name="merchant">Whose it is.</param>
    /// <param name="key">Its key.</param>
    /// <param name="account">The account; null for one that is to be opened, whose id is drawn here.</param>
    /// <param name="operation">What is wanted.</param>
    /// <param name="now">The cloud's clock.</param>
    public static OperationRow Asked(MerchantId merchant, string key, AccountId? account, CardOperation operation, DateTimeOffset now)
    {
        // What the caller sent, and nothing that was drawn or read here.
        var sent = $"{account}|{JsonSerializer.Serialize(operation, FunctionsJson.Default.CardOperation)}";
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(sent)));
        return new(merchant, key, account ?? AccountId.New(Crockford.Random), operation, hash, BusinessDay.Of(now), now);
    }

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, CardKeys.Operation(Key))
        {
            ["AccountId"] = Account.Value,
            ["Operation"] = JsonSerializer.Serialize(Operation, FunctionsJson.Default.CardOperation),
            ["Hash"] = Hash,
            ["PostingDay"] = BusinessDay.Key(PostingDay),
            ["RequestedAt"] = RequestedAt,
            ["IsFinished"] = IsFinished,
        };
        row.SetIfAny("KnownFrom", KnownFrom);
        return row;
    }

    /// <inheritdoc/>
    public static OperationRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        row.RowKey[CardKeys.OperationPrefix.Length..],
        AccountId.Parse(row.Text("AccountId")),
        JsonSerializer.Deserialize(row.Text("Operation"), FunctionsJson.Default.CardOperation)
            ?? throw new InvalidOperationException($"The row {row.RowKey} has no operation."),
        row.Text("Hash"),
        row.Date("PostingDay") ?? throw new InvalidOperationException($"The row {row.RowKey} has no posting day."),
        row.Time("RequestedAt"),
        row.ETag)
    {
        IsFinished = row.GetBoolean("IsFinished") == true,
        KnownFrom = row.GetInt64("KnownFrom"),
    };
}
