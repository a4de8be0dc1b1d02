namespace CanteenPay.LocalCloud.Tables;

/// <summary>Names a table request by what Azure would bill it as.</summary>
internal static class TableOperation
{
    /// <param name="method">HTTP method; MERGE is a method of its own.</param>
    /// <param name="path">Path below the account, without a leading slash: <c>Orders(PartitionKey='…',RowKey='…')</c>, <c>Orders()</c>, <c>Tables</c>, <c>$batch</c>.</param>
    /// <param name="conditional">The request has If-Match.</param>
    internal static string Name(string method, string path, bool conditional)
    {
        if (path.StartsWith("$batch", StringComparison.Ordinal))
        {
            return "tables transaction";
        }

        var paren = path.IndexOf('(', StringComparison.Ordinal);
        var table = paren < 0 ? path : path[..paren];
        var isRow = paren >= 0 && path.AsSpan(paren).IndexOf('=') >= 0;
        if (table.StartsWith("Tables", StringComparison.Ordinal))
        {
            return "tables schema";
        }

        var operation = method switch
        {
            "GET" or "HEAD" => isRow ? "read" : "query",
            "POST" => "insert",
            "PUT" or "MERGE" or "PATCH" => conditional ? "update" : "upsert",
            "DELETE" => "delete",
            _ => method,
        };
        return $"tables {operation} {table}";
    }
}
