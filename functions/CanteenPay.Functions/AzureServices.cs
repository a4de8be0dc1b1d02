using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using CanteenPay.Azure.EventGrid;
using CanteenPay.Azure.ResourceManager;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Devices.Certificates;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Sealing;

namespace CanteenPay.Functions;

/// <summary>
/// The clients of Azure. Each by managed identity, named by <c>Tables:Endpoint</c>, <c>Blobs:Endpoint</c>, <c>ServiceBus:fullyQualifiedNamespace</c> (the name that the
/// Functions host uses for its triggers), <c>EventGrid:Endpoint</c>, <c>ResourceManager:Endpoint</c> with <c>EventGrid:NamespaceId</c>, <c>Sealing:KeyVaultKey</c> and <c>DeviceCa:KeyVaultKey</c>; locally by connection string, key or
/// key file.
/// </summary>
internal static class AzureServices
{
    public static IServiceCollection AddAzureServices(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        var identity = new Lazy<TokenCredential>(() => new DefaultAzureCredential());
        return services
            .AddSingleton(configuration["Tables"] is { Length: > 0 } tables
                ? new TableServiceClient(tables)
                : new TableServiceClient(Settings.Url(configuration, "Tables:Endpoint"), identity.Value))
            .AddSingleton(provider => new TableAccounts(new Dictionary<string, TableServiceClient> { [TableAccounts.Main] = provider.GetRequiredService<TableServiceClient>() }))
            .AddSingleton(configuration["ServiceBus"] is { Length: > 0 } serviceBus
                ? new ServiceBusClient(serviceBus)
                : new ServiceBusClient(Settings.Text(configuration, "ServiceBus:fullyQualifiedNamespace"), identity.Value))
            .AddSingleton(EventGrid(configuration, identity))
            .AddSingleton(NamespaceClients(configuration, identity))
            .AddSingleton(Blobs(configuration, identity))
            .AddSingleton(DeviceCaSettings.Read(configuration, environment, identity))
            .AddSingleton(SealingSettings.Read(configuration, environment, identity));
    }

    /// <summary>Made when the first paper is sent or looked at: most processes never do, and its library would be part of every cold start.</summary>
    private static Func<IServiceProvider, BlobServiceClient> Blobs(IConfiguration configuration, Lazy<TokenCredential> identity)
    {
        var connection = configuration["Blobs"];
        var endpoint = string.IsNullOrEmpty(connection) ? Settings.Url(configuration, "Blobs:Endpoint") : null;
        return _ =>
        {
            // An upload holds up to 8 MB: an attempt may take longer than a row's.
            var options = new BlobClientOptions { Retry = { NetworkTimeout = TimeSpan.FromSeconds(30) } };
            return endpoint is null ? new(connection, options) : new(endpoint, identity.Value, options);
        };
    }

    private static EventGridNamespaceClients NamespaceClients(IConfiguration configuration, Lazy<TokenCredential> identity)
    {
        var endpoint = Settings.Url(configuration, "ResourceManager:Endpoint");
        var id = Settings.Text(configuration, "EventGrid:NamespaceId");
        if (!EventGridNamespaceClients.IsNamespaceId(id))
            throw new SettingException($"The setting EventGrid:NamespaceId is '{id}', which is not an id such as /subscriptions/…/resourceGroups/…/providers/Microsoft.EventGrid/namespaces/….");
        return configuration["EventGrid:Key"] is { Length: > 0 } key
            ? new EventGridNamespaceClients(endpoint, id, new AzureKeyCredential(key))
            : new EventGridNamespaceClients(endpoint, id, identity.Value);
    }

    private static EventGridMqttClient EventGrid(IConfiguration configuration, Lazy<TokenCredential> identity)
    {
        var endpoint = Settings.Url(configuration, "EventGrid:Endpoint");
        if (configuration["EventGrid:Key"] is { Length: > 0 } key)
            return new EventGridMqttClient(endpoint, new AzureKeyCredential(key));
        var byDefault = new EventGridMqttClientOptions();
        return new EventGridMqttClient(endpoint, identity.Value, new EventGridMqttClientOptions
        {
            ApiVersion = configuration["EventGrid:ApiVersion"] ?? byDefault.ApiVersion,
            Audience = configuration["EventGrid:Audience"] ?? byDefault.Audience,
        });
    }
}
