using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.ServiceBus;

/// <summary>
/// Sends to one queue. A send that returns is stored; one that fails may have been stored too, so it is repeated with the same <see cref="ServiceBusMessage.MessageId"/>.
/// </summary>
public class ServiceBusSender
{
    private readonly HttpPipeline? pipeline;
    private readonly string address = "";

    internal ServiceBusSender(string queueName, string endpoint, HttpPipeline pipeline)
    {
        EntityPath = queueName;
        address = $"{endpoint}/{queueName}/messages";
        this.pipeline = pipeline;
    }

    /// <summary>For implementations without a namespace.</summary>
    protected ServiceBusSender(string queueName) => EntityPath = queueName;

    /// <summary>The queue's name.</summary>
    public virtual string EntityPath { get; }

    /// <summary>Sends one message.</summary>
    /// <exception cref="ArgumentException">No MessageId, too large, or a property that HTTP cannot carry.</exception>
    /// <exception cref="RequestFailedException">The service refused (410: no such queue) or was not reached (status 0).</exception>
    public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ServiceBusRules.Check(message);
        var http = Post();
        http.Request.Headers.SetValue("Content-Type", message.ContentType);
        http.Request.Headers.SetValue("BrokerProperties", ServiceBusJson.BrokerProperties(message));
        foreach (var (name, value) in message.ApplicationProperties)
        {
            http.Request.Headers.SetValue(name, ServiceBusJson.Quote(value));
        }

        http.Request.Content = RequestContent.Create(message.Body);
        return SendAsync(http, cancellationToken);
    }

    /// <summary>Sends up to 100 messages in one request: all are stored, or none.</summary>
    /// <exception cref="ArgumentException">None or more than 100, together more than 256 KB, one without MessageId, or a body that is not UTF-8 text.</exception>
    /// <exception cref="RequestFailedException">The service refused (410: no such queue) or was not reached (status 0).</exception>
    public virtual Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var batch = ServiceBusRules.CheckBatch(messages);
        var http = Post();
        http.Request.Headers.SetValue("Content-Type", "application/vnd.microsoft.servicebus.json");
        http.Request.Content = RequestContent.Create(ServiceBusRules.CheckSize(ServiceBusJson.Batch(batch)));
        return SendAsync(http, cancellationToken);
    }

    private HttpMessage Post()
    {
        var http = (pipeline ?? throw new InvalidOperationException($"The sender to '{EntityPath}' has no namespace: override the method.")).CreateMessage();
        http.Request.Method = RequestMethod.Post;
        http.Request.Uri.Reset(new Uri(address));
        return http;
    }

    private async Task SendAsync(HttpMessage http, CancellationToken cancellationToken)
    {
        using (http)
        {
            try
            {
                await pipeline!.SendAsync(http, cancellationToken);
            }
            catch (Exception e) when (e is AggregateException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new RequestFailedException(0, $"Service Bus did not answer for queue '{EntityPath}': {e.Message}", null, e);
            }

            if (http.Response.Status == 410)
            {
                throw new RequestFailedException(
                    410, $"There is no queue '{EntityPath}' at {http.Request.Uri.Host}. Create it, or correct its name in the settings.", "MessagingEntityNotFound", null);
            }

            if (http.Response.IsError)
            {
                throw new RequestFailedException(http.Response);
            }
        }
    }
}
