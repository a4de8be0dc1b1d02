using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.EventGrid;

/// <summary>Publishes to the MQTT broker of an Event Grid namespace over HTTP. Accepted by the broker does not mean received by a machine.</summary>
public class EventGridMqttClient
{
    private readonly HttpPipeline? pipeline;
    private readonly string address = "";
    private readonly string apiVersion = "";

    /// <summary>With Entra, for example a managed identity. https only.</summary>
    public EventGridMqttClient(Uri endpoint, TokenCredential credential, EventGridMqttClientOptions? options = null)
        : this(endpoint, options ??= new(), new BearerTokenAuthenticationPolicy(credential, $"{options.Audience.TrimEnd('/')}/.default"))
    {
    }

    /// <summary>With a key, for local use: tokens are refused over plain http.</summary>
    public EventGridMqttClient(Uri endpoint, AzureKeyCredential credential, EventGridMqttClientOptions? options = null)
        : this(endpoint, options ?? new(), new SharedAccessKeyPolicy(credential))
    {
    }

    /// <summary>For implementations without a broker.</summary>
    protected EventGridMqttClient()
    {
    }

    private EventGridMqttClient(Uri endpoint, EventGridMqttClientOptions options, HttpPipelinePolicy authentication)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        address = $"{endpoint.AbsoluteUri.TrimEnd('/')}/mqtt/messages";
        apiVersion = options.ApiVersion;
        pipeline = HttpPipelineBuilder.Build(options, authentication);
    }

    /// <summary>Publishes with QoS 1. Retried by Azure.Core's policy, so the broker may get it twice.</summary>
    /// <param name="topic">No wildcards; at most 256 bytes and 8 segments.</param>
    /// <param name="payload">At most 512 KB, retained 64 KB.</param>
    /// <param name="options">How; default when null.</param>
    /// <param name="cancellationToken">Ends the waiting; the message may have been published.</param>
    /// <exception cref="ArgumentException">A topic, payload or expiry that the broker refuses.</exception>
    /// <exception cref="RequestFailedException">The broker refused (401, 403) or was not reached (status 0).</exception>
    public virtual async Task PublishAsync(string topic, BinaryData payload, MqttPublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= MqttPublishOptions.Default;
        MqttRules.Check(topic, payload, options);
        using var http = (pipeline ?? throw new InvalidOperationException("This client has no broker: override PublishAsync.")).CreateMessage();
        Fill(http.Request, topic, payload, options);
        try
        {
            await pipeline.SendAsync(http, cancellationToken);
        }
        catch (Exception e) when (e is AggregateException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailedException(0, $"The MQTT broker did not answer for topic '{topic}': {e.Message}", null, e);
        }

        if (http.Response.Status is not (200 or 202 or 204))
        {
            throw new RequestFailedException(http.Response);
        }
    }

    private void Fill(Request request, string topic, BinaryData payload, MqttPublishOptions options)
    {
        request.Method = RequestMethod.Post;
        request.Uri.Reset(new Uri($"{address}?topic={Uri.EscapeDataString(topic)}&api-version={Uri.EscapeDataString(apiVersion)}"));
        request.Headers.SetValue("mqtt-qos", "1");
        request.Headers.SetValue("mqtt-retain", options.Retain ? "1" : "0");
        if (options.Expiry is { } expiry)
        {
            request.Headers.SetValue("mqtt-message-expiry", ((long)Math.Ceiling(expiry.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        }

        request.Headers.SetValue("Content-Type", options.ContentType);
        request.Content = RequestContent.Create(payload);
    }
}
