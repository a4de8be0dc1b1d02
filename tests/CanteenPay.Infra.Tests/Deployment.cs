using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CanteenPay.Infra.Tests.Bicep;

namespace CanteenPay.Infra.Tests;

/// <summary>What Bicep would deploy for an environment, with stand-ins for what its owner or Azure knows.</summary>
internal sealed partial class Deployment
{
    /// <summary>What people set in azd's environment.</summary>
    private static readonly Dictionary<string, string> Owner = new()
    {
        ["CANTEENPAY_ALERT_EMAIL"] = "operators@example.com",
        ["CANTEENPAY_BUDGET_START"] = "2026-12-01",
        ["CANTEENPAY_API_CLIENT_ID"] = "1c0ffee0-0000-4000-8000-000000000001",
        ["CANTEENPAY_PUBLIC_BASE_URL"] = "",
        ["CANTEENPAY_SWIFTPASS_GATEWAY"] = "https://bank.example.com/pay/gateway",
        ["CANTEENPAY_SWIFTPASS_AGENT"] = "7500000001",
        ["CANTEENPAY_REGISTRATION_URL"] = "https://bank.example.com",
        ["CANTEENPAY_REGISTRATION_PLATFORM"] = "CANTEENPAY",
        ["CANTEENPAY_FINANCE_WEBHOOK_URL"] = "https://finance.example.com/canteenpay",
        ["CANTEENPAY_OTLP_ENDPOINT"] = "https://otlp.example.com",
        ["CANTEENPAY_DEVICE_CA_CERTIFICATE"] = DeviceCa(),
        ["CANTEENPAY_DEVICE_CA_NAME"] = "",
        ["CANTEENPAY_DEVICE_CA_FORMER_CERTIFICATE"] = DeviceCa(),
    };

    /// <summary>What Azure answers.</summary>
    private static readonly Dictionary<string, string> Azure = new()
    {
        ["data/account.properties.primaryEndpoints.table"] = "https://canteendev.table.core.windows.net/",
        ["data/account.properties.primaryEndpoints.blob"] = "https://canteendev.blob.core.windows.net/",
        ["broker/broker.properties.topicSpacesConfiguration.hostname"] = "canteenpay.eastasia-1.ts.eventgrid.azure.net",
        ["vault/deviceCa.properties.keyUri"] = "https://cp-dev.vault.azure.net/keys/device-ca",
        ["vault/merchants.properties.keyUri"] = "https://cp-dev.vault.azure.net/keys/merchants",
        ["broker/broker.id"] = "/subscriptions/3c0ffee0-0000-4000-8000-000000000003/resourceGroups/canteen/providers/Microsoft.EventGrid/namespaces/canteenpay-dev",
        ["environment().suffixes.storage"] = "core.windows.net",
        ["environment().resourceManager"] = "https://management.azure.com/",
        ["environment().authentication.loginEndpoint"] = "https://login.microsoftonline.com/",
        ["subscription().tenantId"] = "2c0ffee0-0000-4000-8000-000000000002",
        ["split(«split(«messaging/bus.properties.serviceBusEndpoint», //)[1]», :)[0]"] = "canteenpay.servicebus.windows.net",
        ["uniqueString(«resourceGroup().id»)"] = "a1b2c3d4e5f6g",
    };

    private Deployment(string environment)
    {
        var file = Checkout.PathOf($"infra/main.parameters.{environment}.json");
        Parameters = (IReadOnlyDictionary<string, object?>)Value(JsonDocument.Parse(Substituted(File.ReadAllText(file))).RootElement.GetProperty("parameters"))!;
        Main = new("main", BicepFile.Read(Checkout.PathOf("infra/main.bicep")), Parameters.ToDictionary(
            parameter => parameter.Key, parameter => ((IReadOnlyDictionary<string, object?>)parameter.Value!)["value"]));
        Resources = [.. Main.Resources()];
    }

    internal static Deployment Dev { get; } = new("dev");

    internal static Deployment Prod { get; } = new("prod");

    internal IReadOnlyDictionary<string, object?> Parameters { get; }

    internal Module Main { get; }

    internal IReadOnlyList<Resource> Resources { get; }

    internal static IReadOnlyList<BicepFile> Files { get; } =
        [.. Directory.EnumerateFiles(Checkout.PathOf("infra"), "*.bicep").Concat(Directory.EnumerateFiles(Checkout.PathOf("infra/modules"), "*.bicep")).Order().Select(BicepFile.Read)];

    internal static Deployment Of(string environment) => environment == "prod" ? Prod : Dev;

    /// <summary>The resources of a type, such as <c>Microsoft.ServiceBus/namespaces/queues</c>.</summary>
    internal IEnumerable<Resource> All(string type) => Resources.Where(resource => resource.Type == type);

    internal Resource Single(string type) => All(type).Single();

    /// <summary>The function app's settings, by their names as environment variables.</summary>
    internal IReadOnlyDictionary<string, string> AppSettings() => Single("Microsoft.Web/sites").List("siteConfig.appSettings")
        .Cast<IReadOnlyDictionary<string, object?>>().ToDictionary(setting => (string)setting["name"]!, setting => Answered(setting["value"]));

    /// <summary>A text in which Azure's answers stand where it is they.</summary>
    internal static string Answered(object? value)
    {
        var text = value?.ToString() ?? "";
        foreach (var (path, answer) in Azure.OrderByDescending(pair => pair.Key.Length))
            text = text.Replace($"«{path}»", answer, StringComparison.Ordinal);
        return text;
    }

    /// <summary>As infra/device-ca.sh makes it.</summary>
    private static string DeviceCa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=CanteenPay device CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }

    private static string Substituted(string text) => Variable().Replace(text, match => Owner.TryGetValue(match.Groups["name"].Value, out var value)
        ? value
        : throw new InvalidOperationException($"{match.Value} is no variable that README.md names."));

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(property => property.Name, property => Value(property.Value)),
        JsonValueKind.Array => (List<object?>)[.. json.EnumerateArray().Select(Value)],
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetInt64(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
