using Azure;
using Azure.Identity;
using CanteenPay.Azure.EventGrid;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions;

/// <summary>
/// The clients of Azure. Each by managed identity, named by <c>Tables:Endpoint</c>, <c>ServiceBus:fullyQualifiedNamespace</c> (the name that the
/// Functions host uses for its triggers) and <c>EventGrid:Endpoint</c>; locally by connection string or key.
/// </summary>
internal static class AzureServices
{
    public static IServiceCollection AddAzureServices(this IServiceCollection services, IConfiguration configuration)
    {
        var identity = new Lazy<DefaultAzureCredential>(() => new DefaultAzureCredential());
        return services
            .AddSingleton(configuration["Tables"] is { Length: > 0 } tables
                ? new TableServiceClient(tables)
                : new TableServiceClient(Settings.Url(configuration, "Tables:Endpoint"), identity.Value))
            .AddSingleton(configuration["ServiceBus"] is { Length: > 0 } serviceBus
                ? new ServiceBusClient(serviceBus)
                : new ServiceBusClient(Settings.Text(configuration, "ServiceBus:fullyQualifiedNamespace"), identity.Value))
            .AddSingleton(EventGrid(configuration, identity));
    }

    private static EventGridMqttClient EventGrid(IConfiguration configuration, Lazy<DefaultAzureCredential> identity)
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
