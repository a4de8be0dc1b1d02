using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>How a merchant's machines are to work, as they are sent it.</summary>
/// <param name="Settings">The settings, with their version.</param>
/// <param name="Version">The version of the row that was read; default for one that was made here.</param>
internal sealed record RulesRow(MachineSettings Settings, ETag Version = default) : ITableEntity<RulesRow>
{
    private const string SettingsColumn = "Settings";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Settings.MerchantId.Value, CardKeys.Rules)
    {
        [SettingsColumn] = JsonSerializer.Serialize(Settings, FunctionsJson.Default.MachineSettings),
    };

    /// <inheritdoc/>
    public static RulesRow FromTableEntity(TableEntity row) => new(
        JsonSerializer.Deserialize(row.Text(SettingsColumn), FunctionsJson.Default.MachineSettings)
            ?? throw new InvalidOperationException($"The rules of merchant {row.PartitionKey} are empty."),
        row.ETag);
}
