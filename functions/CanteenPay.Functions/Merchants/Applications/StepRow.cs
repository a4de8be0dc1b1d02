using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>A step of a merchant from one state to another: row <c>step-{n}</c>, written with the state and never again.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Number">Its place in the row of steps, from 1.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="From">The state before; null for the first.</param>
/// <param name="To">The state after.</param>
/// <param name="Reasons">Why, by field.</param>
internal sealed record StepRow(
    MerchantId Merchant, int Number, DateTimeOffset At, Person By, MerchantState? From, MerchantState To, IReadOnlyDictionary<string, string> Reasons)
    : ITableEntity<StepRow>
{
    /// <summary>How the keys begin.</summary>
    public const string Prefix = "step-";

    /// <summary>The key of a step.</summary>
    public static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D4}");

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, Key(Number))
        {
            ["At"] = At,
            ["By"] = By.Id,
            ["ByName"] = By.Name,
            ["To"] = To.Name(),
            ["Reasons"] = JsonSerializer.Serialize(new Dictionary<string, string>(Reasons), FunctionsJson.Default.DictionaryStringString),
        };
        row.SetIfAny("From", From?.Name());
        return row;
    }

    /// <inheritdoc/>
    public static StepRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        int.Parse(row.RowKey.AsSpan(Prefix.Length), CultureInfo.InvariantCulture),
        row.Time("At"),
        new(row.Text("By"), row.Text("ByName")),
        MerchantStates.Parse(row.GetString("From")),
        MerchantStates.Parse(row.Text("To")) ?? throw new InvalidOperationException($"The step {row.RowKey} leads nowhere."),
        JsonSerializer.Deserialize(row.Text("Reasons"), FunctionsJson.Default.DictionaryStringString) ?? []);
}
