using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>The applications: table <c>Merchants</c>, partition = merchant, row <c>application</c>.</summary>
internal sealed class ApplicationStore(TableServiceClient tables, RegistryCache cache) : IApplications
{
    /// <summary>Row of an application.</summary>
    public const string ApplicationRowKey = "application";

    private readonly TableClient _merchants = tables.GetTableClient("Merchants");

    /// <summary>Who filed a merchant's application, at most <see cref="RegistryCache.Freshness"/> old; null when nobody did. It never changes.</summary>
    public async Task<DistributorId?> DistributorOfAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        (await cache.GetAsync($"application-{merchant}", () => _merchants.GetEntityIfExistsAsync<Filed>(merchant.Value, ApplicationRowKey, cancellationToken), remembersAbsence: true))
            ?.Distributor;

    /// <inheritdoc/>
    public async Task<bool> CanEditAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        await _merchants.GetEntityIfExistsAsync<Filed>(merchant.Value, ApplicationRowKey, cancellationToken) is { State: "draft" or "returned" };

    private sealed record Filed(MerchantId Merchant, DistributorId Distributor, string State) : ITableEntity<Filed>
    {
        public TableEntity ToTableEntity() => new(Merchant.Value, ApplicationRowKey) { ["DistributorId"] = Distributor.Value, ["State"] = State };

        public static Filed FromTableEntity(TableEntity row) =>
            new(MerchantId.Parse(row.PartitionKey), DistributorId.Parse(row.Text("DistributorId")), row.Text("State"));
    }
}
