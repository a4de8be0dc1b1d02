using CanteenPay.Azure.EventGrid;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Azure.Tables;
using CanteenPay.Channels;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Sealing;
using CanteenPay.Functions.Tests.Sealing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanteenPay.Functions.Tests;

/// <summary>The app as it starts, with its routes and its reading of what arrives, behind a server in memory.</summary>
internal static class TestApp
{
    /// <summary>Over tables of its own; nothing else of Azure answers.</summary>
    public static async Task<WebApplication> StartAsync(string environment = "Development", InMemoryTableService? tables = null)
    {
        tables ??= new InMemoryTableService();
        foreach (var table in World.TableNames)
            await tables.GetTableClient(table).CreateIfNotExistsAsync();
        await tables.GetTableClient("Merchants").AddEntityAsync(new MerchantProfile(World.Merchant, "示范食堂", "swiftpass", FakeBank.MerchantId, IsActive: true));
        return await StartAsync(environment, services => services.AddSingleton<TableServiceClient>(tables).AddSingleton<IKeyEncryptionKey>(new KeyInMemory()));
    }

    /// <summary>Over a world's Azure, bank and clock.</summary>
    public static Task<WebApplication> StartAsync(World world) => StartAsync("Development", services =>
    {
        services.RemoveAll<IPaymentChannel>();
        services.RemoveAll<TimeProvider>();
        services.AddSingleton<TableServiceClient>(world.Tables).AddSingleton<ServiceBusClient>(world.ServiceBus).AddSingleton<EventGridMqttClient>(world.Broker)
            .AddSingleton<IPaymentChannel>(world.Bank).AddSingleton<TimeProvider>(new SameTime(world.Clock)).AddSingleton<IKeyEncryptionKey>(world.Vault);
    });

    /// <summary>Settings that the app starts with.</summary>
    public static string[] Settings(string environment) =>
    [
        "--environment", environment,
        "--Tables", "UseDevelopmentStorage=true",
        "--ServiceBus", "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=k;SharedAccessKey=a2V5;UseDevelopmentEmulator=true",
        "--EventGrid:Endpoint", "http://127.0.0.1:1",
        "--EventGrid:Key", "key",
        "--Blobs", "UseDevelopmentStorage=true",
        "--Sealing:KeyVaultKey", "https://vault.example.com/keys/merchants",
        "--Payments:PublicBaseUrl", "https://pay.example.com",
        "--SwiftPass:Gateway", "https://bank.example.com/pay/gateway",
        $"--SwiftPass:Keys:{FakeBank.MerchantId}", "9d101c97133837e13dde2d32a5054abb",
    ];

    private static async Task<WebApplication> StartAsync(string environment, Action<IServiceCollection> configure)
    {
        var app = FunctionApp.Build(
            Settings(environment),
            builder =>
            {
                builder.WebHost.UseTestServer();
                configure(builder.Services);
            });
        await app.StartAsync();
        return app;
    }

    /// <summary>The world's time, but waits that last: a limit of 30 s must not be over at once.</summary>
    private sealed class SameTime(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
    }
}
