using CanteenPay.Azure.EventGrid;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.ResourceManager;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Azure.Tables;
using CanteenPay.Channels;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Sealing;
using CanteenPay.Functions.Tests.Devices;
using CanteenPay.Functions.Tests.Identity;
using CanteenPay.Functions.Tests.Sealing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanteenPay.Functions.Tests;

/// <summary>
/// The app as it starts, with its routes and its reading of what arrives, behind a server in memory. Who asks without a token is an operator, so that only tests of
/// identity have to speak of it.
/// </summary>
internal static class TestApp
{
    /// <summary>Asks as nobody: without a token.</summary>
    public const string NobodyHeader = "X-Test-Nobody";

    /// <summary>Over tables of its own; nothing else of Azure answers.</summary>
    public static async Task<WebApplication> StartAsync(string environment = "Development", InMemoryTableService? tables = null, TestAppOptions? options = null)
    {
        tables ??= new InMemoryTableService();
        foreach (var table in World.TableNames)
            await tables.GetTableClient(table).CreateIfNotExistsAsync();
        await tables.GetTableClient("Merchants").AddEntityAsync(new MerchantProfile(World.Merchant, "示范食堂", "swiftpass", FakeBank.MerchantId, IsActive: true));
        options ??= new();
        return await StartAsync(environment, options, services => services.AddSingleton<TableServiceClient>(tables)
            .AddSingleton(new TableAccounts(new Dictionary<string, TableServiceClient> { [TableAccounts.Main] = tables })).AddSingleton<IKeyEncryptionKey>(new KeyInMemory())
            .AddSingleton<TimeProvider>(options.Clock is { } clock ? new SameTime(clock) : TimeProvider.System));
    }

    /// <summary>Over a world's Azure, bank and clock.</summary>
    public static Task<WebApplication> StartAsync(World world, TestAppOptions? options = null) => StartAsync("Development", options ?? new(), services =>
    {
        services.RemoveAll<IPaymentChannel>();
        services.RemoveAll<TimeProvider>();
        services.AddSingleton<ICopyFiles>(world.Copies).AddSingleton(world.Get<TableAccounts>()).AddSingleton(world.Get<TableServiceClient>()).AddSingleton<ServiceBusClient>(world.ServiceBus).AddSingleton<EventGridMqttClient>(world.Broker)
            .AddSingleton<EventGridNamespaceClients>(world.Clients).AddSingleton(CaInMemory.Authority)
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
        "--EventGrid:NamespaceId", "/subscriptions/0/resourceGroups/test/providers/Microsoft.EventGrid/namespaces/test",
        "--ResourceManager:Endpoint", "http://127.0.0.1:1",
        "--Blobs", "UseDevelopmentStorage=true",
        "--AzureAd:Instance", TestDirectory.Instance,
        "--AzureAd:TenantId", TestDirectory.Tenant,
        "--AzureAd:ClientId", TestDirectory.Client,
        "--RateLimits:RequestsPerSecond", "100000",
        "--RateLimits:Burst", "100000",
        "--RateLimits:StrangersPerSecond", "100000",
        "--RateLimits:StrangersBurst", "100000",
        "--Sealing:KeyVaultKey", "https://vault.example.com/keys/merchants",
        "--Payments:PublicBaseUrl", "https://pay.example.com",
        "--SwiftPass:Gateway", "https://bank.example.com/pay/gateway",
        $"--SwiftPass:Keys:{FakeBank.MerchantId}", "9d101c97133837e13dde2d32a5054abb",
    ];

    private static async Task<WebApplication> StartAsync(string environment, TestAppOptions options, Action<IServiceCollection> configure)
    {
        var app = FunctionApp.Build(
            [.. Settings(environment), .. options.Settings],
            builder =>
            {
                builder.WebHost.UseTestServer();
                configure(builder.Services);
                builder.Services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer => bearer.BackchannelHttpHandler = options.Directory);
                builder.Services.AddSingleton<IStartupFilter, OperatorByDefault>();
            });
        options.Map?.Invoke(app);
        await app.StartAsync();
        return app;
    }

    private sealed class OperatorByDefault : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, following) =>
            {
                if (http.Request.Headers.Authorization.Count == 0 && !http.Request.Headers.ContainsKey(NobodyHeader))
                {
                    var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
                    http.Request.Headers.Authorization = $"Bearer {TestTokens.Of(TestTokens.Operator, now, Role.Operator)}";
                }

                await following(http);
            });
            next(app);
        };
    }

    /// <summary>The world's time, but waits that last: a limit of 30 s must not be over at once.</summary>
    private sealed class SameTime(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override long TimestampFrequency => clock.TimestampFrequency;
    }
}

/// <summary>What a test wants otherwise.</summary>
internal sealed record TestAppOptions
{
    /// <summary>More settings, such as <c>--RateLimits:Burst</c>, <c>3</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Who signs the tokens.</summary>
    public TestDirectory Directory { get; init; } = new();

    /// <summary>A clock that stands; without one, the machine's.</summary>
    public FakeClock? Clock { get; init; }

    /// <summary>More endpoints.</summary>
    public Action<WebApplication>? Map { get; init; }
}
