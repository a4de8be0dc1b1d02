using System.Globalization;
using System.Text;
using Azure.Core;

namespace CanteenPay.Azure.Tables;

/// <summary>An entity-group transaction as multipart/mixed: one changeset inside one batch.</summary>
internal sealed record TransactionBody(string ContentType, byte[] Bytes)
{
    // What a part needs around its JSON, its address (four times the table's name and keys, when every character is escaped) included.
    private const int PartOverheadBytes = 600;

    internal static TransactionBody Write(
        IReadOnlyList<TableTransactionAction> actions, Func<TableTransactionAction, (RequestMethod Method, string Target)> line, Guid id)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"--batch_{id}\r\nContent-Type: multipart/mixed; boundary=changeset_{id}\r\n\r\n");
        foreach (var action in actions)
        {
            var (method, target) = line(action);
            text.Append(CultureInfo.InvariantCulture, $"--changeset_{id}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            text.Append(CultureInfo.InvariantCulture, $"{method.Method} {target} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n");
            if (action.ETag != default)
            {
                text.Append(CultureInfo.InvariantCulture, $"If-Match: {action.ETag}\r\n");
            }

            if (action.ActionType != TableTransactionActionType.Delete)
            {
                var json = Encoding.UTF8.GetString(EntityJson.Write(action.Entity));
                text.Append(CultureInfo.InvariantCulture, $"Prefer: return-no-content\r\nContent-Type: application/json\r\n\r\n{json}");
            }

            text.Append("\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"--changeset_{id}--\r\n--batch_{id}--\r\n");
        return new($"multipart/mixed; boundary=batch_{id}", Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>What the body cannot have more than, without writing it: a character takes at most six bytes, and a name may be there twice.</summary>
    internal static long MostBytes(IReadOnlyList<TableTransactionAction> actions)
    {
        const int EachCharacter = 6;
        const int AroundValue = 64;
        var most = 0L;
        foreach (var action in actions)
        {
            most += PartOverheadBytes + ((action.Entity.PartitionKey.Length + action.Entity.RowKey.Length) * (3 + EachCharacter)) + AroundValue;
            foreach (var (name, value) in action.Entity)
            {
                most += AroundValue + (EachCharacter * ((2 * name.Length) + EdmValue.Size(value)));
            }
        }

        return most;
    }

    /// <summary>An upper bound of the body's bytes, known without an account's address.</summary>
    internal static int Size(IReadOnlyList<TableTransactionAction> actions) =>
        actions.Sum(action => PartOverheadBytes + ((action.Entity.PartitionKey.Length + action.Entity.RowKey.Length) * 3)
            + (action.ActionType == TableTransactionActionType.Delete ? 0 : EntityJson.Write(action.Entity).Length));
}
