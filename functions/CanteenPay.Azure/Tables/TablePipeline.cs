using System.Runtime.ExceptionServices;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.Tables;

/// <summary>The HTTP pipeline of one account, and the requests that are sent on it.</summary>
internal sealed class TablePipeline
{
    // The first version with Entra.
    private const string ServiceVersion = "2020-12-06";
    private const string Json = "application/json;odata=minimalmetadata";

    private static readonly ResponseClassifier Transactions = new TransactionClassifier();
    private readonly HttpPipeline pipeline;
    private readonly string endpoint;

    internal TablePipeline(Uri endpoint, TableClientOptions options, HttpPipelinePolicy authentication)
    {
        this.endpoint = endpoint.AbsoluteUri.TrimEnd('/');
        HttpPipelineOptions settings = new(options) { RequestFailedDetailsParser = new TableErrorParser() };
        settings.PerRetryPolicies.Add(authentication);
        settings.PerRetryPolicies.Add(new BusyTransactionPolicy());
        pipeline = HttpPipelineBuilder.Build(settings);
    }

    internal HttpMessage CreateTable(string table) =>
        Write(RequestMethod.Post, $"{endpoint}/Tables", Encoding.UTF8.GetBytes($$"""{"TableName":"{{table}}"}"""));

    internal HttpMessage Get(string table, string partitionKey, string rowKey) => Request(RequestMethod.Get, Address(table, partitionKey, rowKey));

    internal HttpMessage Query(string table, string query) => Request(RequestMethod.Get, $"{endpoint}/{table}()?{query}");

    /// <summary>One action as a request of its own.</summary>
    internal HttpMessage Single(string table, TableTransactionAction action)
    {
        var (method, target) = Line(table, action);
        var message = action.ActionType == TableTransactionActionType.Delete ? Request(method, target) : Write(method, target, EntityJson.Write(action.Entity));
        if (action.ETag != default)
        {
            message.Request.Headers.SetValue("If-Match", action.ETag.ToString());
        }

        return message;
    }

    internal HttpMessage Transaction(string table, IReadOnlyList<TableTransactionAction> actions)
    {
        var body = TransactionBody.Write(actions, action => Line(table, action), Guid.NewGuid());
        var message = Request(RequestMethod.Post, $"{endpoint}/$batch");
        message.ResponseClassifier = Transactions;
        message.Request.Headers.SetValue("Content-Type", body.ContentType);
        message.Request.Content = RequestContent.Create(body.Bytes);
        return message;
    }

    /// <summary>Sends, retries as the options say, and reads the whole answer. A failure below HTTP is a <see cref="RequestFailedException"/> with status 0.</summary>
    internal async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.SendAsync(message, cancellationToken);
            return message.Response;
        }
        catch (AggregateException e) when (e.InnerExceptions[^1] is RequestFailedException { Status: not 0 } last)
        {
            // After several tries the policy throws all their errors; the last one is what callers decide on.
            ExceptionDispatchInfo.Throw(last);
            throw;
        }
        catch (Exception e) when (e is AggregateException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailedException(0, $"{message.Request.Uri.Host} did not answer: {e.Message}", null, e);
        }
    }

    private (RequestMethod Method, string Target) Line(string table, TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.Add => (RequestMethod.Post, $"{endpoint}/{table}"),
        TableTransactionActionType.Delete => (RequestMethod.Delete, Address(table, action.Entity.PartitionKey, action.Entity.RowKey)),
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge =>
            (RequestMethod.Parse("MERGE"), Address(table, action.Entity.PartitionKey, action.Entity.RowKey)),
        _ => (RequestMethod.Put, Address(table, action.Entity.PartitionKey, action.Entity.RowKey)),
    };

    private string Address(string table, string partitionKey, string rowKey) =>
        $"{endpoint}/{table}(PartitionKey='{Escape(partitionKey)}',RowKey='{Escape(rowKey)}')";

    private static string Escape(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private HttpMessage Write(RequestMethod method, string target, byte[] json)
    {
        var message = Request(method, target);
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(json);
        return message;
    }

    private HttpMessage Request(RequestMethod method, string target)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(target));
        message.Request.Headers.SetValue("x-ms-version", ServiceVersion);
        message.Request.Headers.SetValue("DataServiceVersion", "3.0");
        message.Request.Headers.SetValue("Accept", Json);
        return message;
    }
}
