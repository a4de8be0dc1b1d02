using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Subscriptions;

/// <summary>How long a merchant's service is paid for: row <c>subscription</c>.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="StartedOn">The day of its activation.</param>
/// <param name="PaidUntil">The last paid day.</param>
/// <param name="CollectUntil">The last day of grace.</param>
/// <param name="Fees">How many fees are noted beside it.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record SubscriptionRow(MerchantId Merchant, DateOnly StartedOn, DateOnly PaidUntil, DateOnly CollectUntil, int Fees, ETag Version = default)
    : ITableEntity<SubscriptionRow>
{
    /// <summary>The row's key.</summary>
    public const string RowKey = "subscription";

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, RowKey) { ["Fees"] = Fees };
        row.SetIfAny("StartedOn", StartedOn);
        row.SetIfAny("PaidUntil", PaidUntil);
        row.SetIfAny("CollectUntil", CollectUntil);
        return row;
    }

    /// <inheritdoc/>
    public static SubscriptionRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey), Day(row, "StartedOn"), Day(row, "PaidUntil"), Day(row, "CollectUntil"), row.GetInt32("Fees") ?? 0, row.ETag);

    private static DateOnly Day(TableEntity row, string column) => row.Date(column) ?? throw new InvalidOperationException($"The row {row.RowKey} has no {column}.");
}

/// <summary>A year that is to be paid: row <c>subscription-fee-{n}</c>.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Amount">What it costs.</param>
/// <param name="From">Where it begins.</param>
/// <param name="Until">The last day.</param>
/// <param name="At">When it was entered.</param>
/// <param name="By">By whom.</param>
internal sealed record SubscriptionFeeRow(MerchantId Merchant, int Number, Fen Amount, DateOnly From, DateOnly Until, DateTimeOffset At, Person By)
    : ITableEntity<SubscriptionFeeRow>
{
    /// <summary>How the keys begin.</summary>
    public const string Prefix = "subscription-fee-";

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Number:D4}"))
        {
            ["Amount"] = Amount.Value,
            ["At"] = At,
            ["By"] = By.Id,
            ["ByName"] = By.Name,
        };
        row.SetIfAny("From", From);
        row.SetIfAny("Until", Until);
        return row;
    }

    /// <inheritdoc/>
    public static SubscriptionFeeRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        int.Parse(row.RowKey.AsSpan(Prefix.Length), CultureInfo.InvariantCulture),
        row.Fen("Amount"),
        row.Date("From") ?? default,
        row.Date("Until") ?? default,
        row.Time("At"),
        new(row.Text("By"), row.Text("ByName")));
}

/// <summary>A renewal by its key: row <c>renewal-{key}</c>.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Key">The key.</param>
/// <param name="Fee">Which fee it made.</param>
internal sealed record RenewalRow(MerchantId Merchant, string Key, int Fee) : ITableEntity<RenewalRow>
{
    /// <summary>How the keys begin.</summary>
    public const string Prefix = "renewal-";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, Prefix + Key) { ["Fee"] = Fee };

    /// <inheritdoc/>
    public static RenewalRow FromTableEntity(TableEntity row) => new(MerchantId.Parse(row.PartitionKey), row.RowKey[Prefix.Length..], row.GetInt32("Fee") ?? 0);
}

/// <summary>Somebody was reminded: row <c>reminder-{paidUntil}-{days}</c>.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="PaidUntil">Of which end.</param>
/// <param name="Days">So many days before it.</param>
/// <param name="At">When.</param>
internal sealed record ReminderRow(MerchantId Merchant, DateOnly PaidUntil, int Days, DateTimeOffset At) : ITableEntity<ReminderRow>
{
    /// <summary>How the keys begin.</summary>
    public const string Prefix = "reminder-";

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{BusinessDay.Key(PaidUntil)}-{Days}"))
        {
            ["Days"] = Days,
            ["At"] = At,
        };
        row.SetIfAny("PaidUntil", PaidUntil);
        return row;
    }

    /// <inheritdoc/>
    public static ReminderRow FromTableEntity(TableEntity row) =>
        new(MerchantId.Parse(row.PartitionKey), row.Date("PaidUntil") ?? default, row.GetInt32("Days") ?? 0, row.Time("At"));
}
