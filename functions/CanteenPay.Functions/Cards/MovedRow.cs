using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>
/// What an operation moved in one transaction, written in that transaction: the ledger's rows are made of it afterwards, however often (<see cref="LedgerStore.WriteAsync"/>).
/// </summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Key">The operation.</param>
/// <param name="Chunk">Which of its transactions, from 0.</param>
/// <param name="FirstNumber">The number of the first entry within the operation.</param>
/// <param name="Entries">What was moved.</param>
internal sealed record MovedRow(MerchantId Merchant, string Key, int Chunk, int FirstNumber, IReadOnlyList<LedgerEntry> Entries) : ITableEntity<MovedRow>
{
    /// <summary>A column holds 32 K characters.</summary>
    private const int ColumnLength = 30_000;

    /// <summary>What the office is answered, where it is an operation of the office.</summary>
    public StepResult? Result { get; init; }

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, CardKeys.Moved(Key, Chunk)) { ["FirstNumber"] = FirstNumber };
        var json = JsonSerializer.Serialize([.. Entries], FunctionsJson.Default.ListLedgerEntry);
        foreach (var (number, part) in json.Chunk(ColumnLength).Index())
            row[$"Entries{number}"] = new string(part);
        // All entries of a note are of one posting day, by which the night finds it.
        row.SetIfAny("Day", Entries is [var first, ..] ? first.PostingDay : (DateOnly?)null);
        if (Result is { } result)
            row["Result"] = JsonSerializer.Serialize(result, FunctionsJson.Default.StepResult);
        return row;
    }

    /// <inheritdoc/>
    public static MovedRow FromTableEntity(TableEntity row)
    {
        var dot = row.RowKey.LastIndexOf('.');
        var json = "";
        for (var number = 0; row.GetString($"Entries{number}") is { } part; number++)
            json += part;
        return new(
            MerchantId.Parse(row.PartitionKey),
            row.RowKey[CardKeys.OperationPrefix.Length..dot],
            int.Parse(row.RowKey.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture),
            row.GetInt32("FirstNumber") ?? 0,
            JsonSerializer.Deserialize(json, FunctionsJson.Default.ListLedgerEntry)
                ?? throw new InvalidOperationException($"The row {row.RowKey} has no entries."))
        {
            Result = row.GetString("Result") is { } result ? JsonSerializer.Deserialize(result, FunctionsJson.Default.StepResult) : null,
        };
    }

    /// <summary>The ledger's rows.</summary>
    public IEnumerable<LedgerRow> LedgerRows => Entries.Select((entry, index) => new LedgerRow(Merchant, CardKeys.CloudEntry(Key, FirstNumber + index), entry));
}
