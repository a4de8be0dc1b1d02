using System.Buffers;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using CanteenPay.Azure.EventGrid;

namespace CanteenPay.Azure.ResourceManager;

/// <summary>The clients of an Event Grid namespace's MQTT broker, as Azure Resource Manager keeps them: resources <c>Microsoft.EventGrid/namespaces/clients</c>.</summary>
/// <remarks>
/// A write is done when the resource itself says so, with the values that were written. The address in <c>Azure-AsyncOperation</c> is not asked: it lies outside the
/// namespace, where a role that is given on the namespace does not reach.
/// </remarks>
public partial class EventGridNamespaceClients
{
    private const int MaxName = 128;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly HttpPipeline? pipeline;
    private readonly ResourceManagerOptions options = new();
    private readonly string address = "";

    /// <summary>With Entra, for example a managed identity. https only.</summary>
    /// <param name="endpoint">For example <c>https://management.azure.com</c>; the tokens' scope is made of it.</param>
    /// <param name="namespaceId">The resource id of the namespace: <c>/subscriptions/…/resourceGroups/…/providers/Microsoft.EventGrid/namespaces/…</c>.</param>
    /// <param name="credential">Gets the tokens.</param>
    /// <param name="options">How it is asked.</param>
    /// <exception cref="ArgumentException">It is no namespace's id.</exception>
    public EventGridNamespaceClients(Uri endpoint, string namespaceId, TokenCredential credential, ResourceManagerOptions? options = null)
        : this(endpoint, namespaceId, options ?? new(), new BearerTokenAuthenticationPolicy(credential, $"{Root(endpoint)}/.default"))
    {
    }

    /// <summary>With a key, for local use: tokens are refused over plain http.</summary>
    /// <exception cref="ArgumentException">It is no namespace's id.</exception>
    public EventGridNamespaceClients(Uri endpoint, string namespaceId, AzureKeyCredential credential, ResourceManagerOptions? options = null)
        : this(endpoint, namespaceId, options ?? new(), new SharedAccessKeyPolicy(credential))
    {
    }

    /// <summary>For implementations without a namespace.</summary>
    protected EventGridNamespaceClients()
    {
    }

    private EventGridNamespaceClients(Uri endpoint, string namespaceId, ResourceManagerOptions options, HttpPipelinePolicy authentication)
    {
        if (!IsNamespaceId(namespaceId))
        {
            throw new ArgumentException($"'{namespaceId}' is not the resource id of an Event Grid namespace.", nameof(namespaceId));
        }

        address = $"{Root(endpoint)}{namespaceId.TrimEnd('/')}/clients/";
        this.options = options;
        pipeline = HttpPipelineBuilder.Build(options, [], [authentication], new ConflictIsBusy());
    }

    /// <summary>Whether a text is the resource id of an Event Grid namespace.</summary>
    public static bool IsNamespaceId(string text) => NamespaceId().IsMatch(text);

    /// <summary>A client as the namespace has it; null when there is none.</summary>
    /// <exception cref="RequestFailedException">Refused (401, 403), or not reached (status 0).</exception>
    public virtual async Task<EventGridNamespaceClient?> GetIfExistsAsync(string name, CancellationToken cancellationToken = default)
    {
        using var message = await SendAsync(RequestMethod.Get, name, null, cancellationToken);
        return message.Response.Status switch
        {
            200 => EventGridNamespaceClient.Read(message.Response).Client,
            404 => null,
            _ => throw Refused(message.Response, "read", name),
        };
    }

    /// <summary>Makes or changes a client, and waits until the namespace works by it. The same write again changes nothing.</summary>
    /// <param name="name">The resource's name: letters, digits, dashes, underscores.</param>
    /// <param name="client">All that is to be said of it.</param>
    /// <param name="cancellationToken">Ends the waiting; the write may take effect all the same.</param>
    /// <exception cref="RequestFailedException">
    /// Refused (400, 401, 403, 404), busy for too long (409, 429), failed, or not done in time (status 0): then it may still take effect.
    /// </exception>
    public virtual async Task CreateOrUpdateAsync(string name, EventGridNamespaceClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        using CancellationTokenSource patience = new(options.Patience, options.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var said = "nothing";
        try
        {
            using (var message = await SendAsync(RequestMethod.Put, name, client, limit.Token))
            {
                if (message.Response.Status is not (200 or 201 or 202))
                {
                    throw Refused(message.Response, "written", name);
                }

                if (message.Response.Status is not 202 && IsDone(message.Response, name, client, ref said))
                {
                    return;
                }
            }

            await WaitAsync(name, client, text => said = text, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailedException(
                0, $"The client {name} was not written within {options.Patience.TotalSeconds:0} s: {address} last said {said}. It may still be; write it again.", null, e);
        }
    }

    private async Task WaitAsync(string name, EventGridNamespaceClient client, Action<string> note, CancellationToken cancellationToken)
    {
        for (var pause = options.FirstLook; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, options.Clock, cancellationToken);
            using var look = await SendAsync(RequestMethod.Get, name, null, cancellationToken);
            // Not there yet, for a moment after it was made.
            if (look.Response.Status == 404)
            {
                continue;
            }

            if (look.Response.Status != 200)
            {
                throw Refused(look.Response, "read", name);
            }

            var said = "";
            var isDone = IsDone(look.Response, name, client, ref said);
            note(said);
            if (isDone)
            {
                return;
            }
        }
    }

    private bool IsDone(Response response, string name, EventGridNamespaceClient client, ref string said)
    {
        var (there, state) = EventGridNamespaceClient.Read(response);
        said = state ?? "that it is there";
        return state?.ToUpperInvariant() switch
        {
            null or "SUCCEEDED" => there.Says(client),
            "FAILED" or "CANCELED" or "DELETING" or "DELETED" =>
                throw new RequestFailedException(response.Status, $"The client {name} was not written: {address} says that this is {state}. Its activity log says why."),
            _ => false,
        };
    }

    private async Task<HttpMessage> SendAsync(RequestMethod method, string name, EventGridNamespaceClient? client, CancellationToken cancellationToken)
    {
        if (name is not { Length: > 0 and <= MaxName } || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw new ArgumentException($"'{name}' is no name of a client.", nameof(name));
        }

        var message = (pipeline ?? throw new InvalidOperationException("This client has no namespace: override its methods.")).CreateMessage();
        try
        {
            message.Request.Method = method;
            message.Request.Uri.Reset(new Uri($"{address}{name}?api-version={Uri.EscapeDataString(options.ApiVersion)}"));
            message.Request.Headers.SetValue("Accept", "application/json");
            if (client is not null)
            {
                message.Request.Headers.SetValue("Content-Type", "application/json");
                message.Request.Content = RequestContent.Create(client.ToJson());
            }

            await pipeline.SendAsync(message, cancellationToken);
            return message;
        }
        catch (Exception e) when (e is AggregateException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            message.Dispose();
            throw new RequestFailedException(0, $"Azure Resource Manager did not answer for the client {name} at {address}: {e.Message}", null, e);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private RequestFailedException Refused(Response response, string what, string name)
    {
        RequestFailedException said = new(response);
        var hint = response.Status is 401 or 403 ? " The app's identity needs the role of the machine registrar on the namespace." : "";
        return new(response.Status, $"The client {name} could not be {what} at {address} ({response.Status}).{hint} {said.Message}", said.ErrorCode, said);
    }

    private static string Root(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.GetLeftPart(UriPartial.Authority);
    }

    [GeneratedRegex(
        "^/subscriptions/[0-9A-Za-z-]+/resourceGroups/[0-9A-Za-z._()-]+/providers/Microsoft[.]EventGrid/namespaces/[0-9A-Za-z-]+/?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamespaceId();
}
