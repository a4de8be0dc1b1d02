using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.Tables;

/// <summary>The tables of one storage account.</summary>
public class TableServiceClient
{
    private readonly TablePipeline? pipeline;

    /// <summary>With the account's key, from a connection string.</summary>
    /// <param name="connectionString">
    /// <c>UseDevelopmentStorage=true</c>, or <c>DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…</c> with <c>TableEndpoint=…</c> or <c>EndpointSuffix=…</c>.
    /// </param>
    /// <param name="options">How requests are sent.</param>
    /// <exception cref="FormatException">The connection string lacks something; the message says what, never the key.</exception>
    public TableServiceClient(string connectionString, TableClientOptions? options = null)
    {
        options ??= new();
        var parsed = TableConnectionString.Parse(connectionString);
        pipeline = new(parsed.Endpoint, options, new SharedKeyLitePolicy(parsed.AccountName, parsed.AccountKey, options.TimeProvider));
    }

    /// <summary>With Entra, for example a managed identity.</summary>
    /// <param name="endpoint">For example <c>https://{account}.table.core.windows.net</c>; https only.</param>
    /// <param name="credential">Gets the tokens.</param>
    /// <param name="options">How requests are sent.</param>
    public TableServiceClient(Uri endpoint, TokenCredential credential, TableClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        options ??= new();
        pipeline = new(endpoint, options, new BearerTokenAuthenticationPolicy(credential, options.Scope));
    }

    /// <summary>For implementations that need no account.</summary>
    protected TableServiceClient()
    {
    }

    /// <summary>A client of one table. Sends nothing.</summary>
    /// <exception cref="ArgumentException">The name is no table name.</exception>
    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentNullException.ThrowIfNull(tableName);
        EntityRules.CheckTable(tableName);
        return new(tableName, pipeline ?? throw new InvalidOperationException("This client has no account: override GetTableClient."));
    }
}
