using System.Reflection;
using Azure.Storage.Blobs;
using CanteenPay.Azure.Functions;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace CanteenPay.Infra.Tests.Code;

/// <summary>What the function app uses of Azure, asked of the app itself: put together, with clients that note what they are asked for.</summary>
internal sealed class AppInCode
{
    private static readonly Lazy<AppInCode> Once = new(() => new());

    private readonly Asked _tables = new(), _queues = new(), _containers = new();

    private AppInCode()
    {
        List<ServiceDescriptor> services = [];
        using var app = (IDisposable)FunctionApp.Build(
            [
                "--environment", "Production",
                .. Deployment.Dev.AppSettings().SelectMany(setting => new[] { $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}", Resolved(setting.Value) }),
            ],
            builder =>
            {
                builder.Services.AddSingleton<TableServiceClient>(new RecordingTables(_tables))
                    .AddSingleton<ServiceBusClient>(new RecordingServiceBus(_queues))
                    .AddSingleton<BlobServiceClient>(new RecordingBlobs(_containers));
                services.AddRange(builder.Services);
            });
        using var scope = ((IHost)app).Services.CreateScope();
        foreach (var type in services.Select(service => service.ServiceType).Where(IsOurs).Distinct())
            _ = scope.ServiceProvider.GetServices(type).Count();
    }

    internal static AppInCode It => Once.Value;

    /// <summary>Each function with its trigger.</summary>
    internal static IReadOnlyDictionary<string, TriggerBindingAttribute> Triggers { get; } = typeof(FunctionApp).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
        .ToDictionary(
            method => method.GetCustomAttribute<FunctionAttribute>()!.Name,
            method => method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>()).Single());

    /// <summary>The queues that a function is woken by.</summary>
    internal static IReadOnlySet<string> TriggerQueues { get; } = Triggers.Values.OfType<ServiceBusTriggerAttribute>().Select(trigger => trigger.QueueName).ToHashSet();

    /// <summary>The queues to which the app sends: by itself, and what a person has sent again.</summary>
    internal IReadOnlySet<string> SenderQueues =>
        _queues.Names.Concat(TriggerQueues.Where(queue => ParkedSender.CanSend(new(DateTimeOffset.UnixEpoch, queue, "id", "reason", BinaryData.FromString("{}"))))).ToHashSet();

    internal IReadOnlySet<string> Tables => _tables.Names;

    internal IReadOnlySet<string> Containers => _containers.Names;

    /// <summary>Puts the app together with these settings alone, outside Development unless said otherwise, and makes the keys of a signer.</summary>
    /// <returns>The settings that were read, with colons.</returns>
    /// <exception cref="SettingException">One is missing or wrong.</exception>
    internal static IReadOnlySet<string> Read(IReadOnlyDictionary<string, string> settings, string? signer = null, string environment = "Production")
    {
        Asked asked = new();
        RecordingConfiguration configuration = new(settings, asked);
        Environment host = new(environment);
        new ServiceCollection().AddAzureServices(configuration, host).AddCapabilities(configuration).AddIdentity(configuration, host);
        var swiftPass = SwiftPassSettings.Read(configuration);
        if (signer is not null)
            swiftPass.AccountOf(signer);
        return asked.Names;
    }

    /// <summary>As Azure hands a setting over that refers to the vault.</summary>
    private static string Resolved(string value) => value.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal) ? "a secret of the vault, 32 bytes long" : value;

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("CanteenPay", StringComparison.Ordinal) == true && !type.ContainsGenericParameters;

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "CanteenPay.Functions";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
