using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.ServiceBus;

/// <summary>A Service Bus namespace, over REST. It sends; the Functions host receives.</summary>
public class ServiceBusClient
{
    private readonly HttpPipeline? pipeline;
    private readonly string endpoint = "";

    /// <summary>With a shared access key.</summary>
    /// <param name="connectionString">
    /// <c>Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…</c>; with <c>UseDevelopmentEmulator=true</c> plain http on the endpoint's port.
    /// </param>
    /// <param name="options">How messages are sent.</param>
    /// <exception cref="FormatException">The connection string lacks something; the message says what, never the key.</exception>
    public ServiceBusClient(string connectionString, ServiceBusClientOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        options ??= new();
        var settings = ConnectionSettings.Parse(connectionString, "the Service Bus connection string");
        var address = settings.GetUri("Endpoint", settings.Get("Endpoint"));
        var emulated = string.Equals(settings.Find("UseDevelopmentEmulator"), "true", StringComparison.OrdinalIgnoreCase);
        UriBuilder uri = new(emulated ? "http" : "https", address.Host, address.IsDefaultPort ? -1 : address.Port);
        FullyQualifiedNamespace = address.Host;
        endpoint = uri.Uri.AbsoluteUri.TrimEnd('/');
        pipeline = Build(options, new SharedAccessSignaturePolicy(
            endpoint, settings.Get("SharedAccessKeyName"), settings.Get("SharedAccessKey"), options.TimeProvider));
    }

    /// <summary>With Entra, for example a managed identity.</summary>
    /// <param name="fullyQualifiedNamespace">For example <c>{namespace}.servicebus.windows.net</c>.</param>
    /// <param name="credential">Gets the tokens.</param>
    /// <param name="options">How messages are sent.</param>
    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fullyQualifiedNamespace);
        if (Uri.CheckHostName(fullyQualifiedNamespace) != UriHostNameType.Dns)
        {
            throw new ArgumentException($"'{fullyQualifiedNamespace}' is no host name, like contoso.servicebus.windows.net.", nameof(fullyQualifiedNamespace));
        }

        options ??= new();
        FullyQualifiedNamespace = fullyQualifiedNamespace;
        endpoint = $"https://{fullyQualifiedNamespace}";
        pipeline = Build(options, new BearerTokenAuthenticationPolicy(credential, options.Scope));
    }

    /// <summary>For implementations without a namespace.</summary>
    protected ServiceBusClient()
    {
    }

    /// <summary>The namespace's host name.</summary>
    public virtual string FullyQualifiedNamespace { get; } = "";

    /// <summary>A sender to one queue. Sends nothing.</summary>
    /// <exception cref="ArgumentException">The name is no queue name.</exception>
    public virtual ServiceBusSender CreateSender(string queueName)
    {
        ServiceBusRules.CheckQueue(queueName);
        return new(queueName, endpoint, pipeline ?? throw new InvalidOperationException("This client has no namespace: override CreateSender."));
    }

    private static HttpPipeline Build(ServiceBusClientOptions options, HttpPipelinePolicy authentication) =>
        HttpPipelineBuilder.Build(options, [], [authentication], new ServiceBusResponseClassifier());
}
