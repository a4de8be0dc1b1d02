using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>
/// The rows behind the queues. One connection, one user at a time (the store's lock). Write-ahead log with <c>synchronous=NORMAL</c>:
/// what was acknowledged survives the death of this process at any instant, which is what Azure's queues survive; a power cut of the
/// developer's machine may take the last moments with it, and no fsync stands between a send and its delivery.
/// </summary>
internal sealed class QueueFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _deliveries;
    private readonly SqliteCommand _move;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _see;
    private readonly SqliteCommand _forget;

    public QueueFile(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        using (var schema = Command("""
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=NORMAL;
            CREATE TABLE IF NOT EXISTS messages(
              seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL, envelope TEXT NOT NULL, body BLOB NOT NULL,
              enqueued INTEGER NOT NULL, expires INTEGER NOT NULL, deliveries INTEGER NOT NULL, source TEXT);
            CREATE TABLE IF NOT EXISTS seen(queue TEXT NOT NULL, message_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(queue, message_id)) WITHOUT ROWID;
            """))
            schema.ExecuteNonQuery();
        _insert = Command("""
            INSERT INTO messages(queue, message_id, envelope, body, enqueued, expires, deliveries) VALUES($queue, $id, $envelope, $body, $enqueued, $expires, 0)
            RETURNING seq
            """, "$queue", "$id", "$envelope", "$body", "$enqueued", "$expires");
        _deliveries = Command("UPDATE messages SET deliveries = $deliveries WHERE seq = $seq", "$deliveries", "$seq");
        _move = Command("""
            UPDATE messages SET queue = $queue, envelope = $envelope, enqueued = $enqueued, expires = $expires, deliveries = $deliveries, source = $source WHERE seq = $seq
            """, "$queue", "$envelope", "$enqueued", "$expires", "$deliveries", "$source", "$seq");
        _delete = Command("DELETE FROM messages WHERE seq = $seq", "$seq");
        _see = Command("""
            INSERT INTO seen(queue, message_id, at) VALUES($queue, $id, $at)
            ON CONFLICT(queue, message_id) DO UPDATE SET at = excluded.at WHERE seen.at < $oldest
            """, "$queue", "$id", "$at", "$oldest");
        _forget = Command("DELETE FROM seen WHERE at < $oldest", "$oldest");
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction();

    /// <summary>Notes a message id; false when it was noted before and not longer ago than <paramref name="oldest"/>.</summary>
    public bool See(string queue, string messageId, DateTimeOffset now, DateTimeOffset oldest) =>
        Execute(_see, queue, messageId, now.UtcTicks, oldest.UtcTicks) == 1;

    public void Forget(DateTimeOffset oldest) => Execute(_forget, oldest.UtcTicks);

    /// <summary>Returns the sequence number.</summary>
    public long Insert(string queue, string messageId, QueueMessage message, DateTimeOffset enqueued, DateTimeOffset expires)
    {
        Bind(_insert, queue, messageId, Envelope.Write(message), message.Body.ToArray(), enqueued.UtcTicks, expires.UtcTicks);
        return (long)_insert.ExecuteScalar()!;
    }

    public void SetDeliveries(StoredMessage message) => Execute(_deliveries, message.DeliveryCount, message.Sequence);

    public void Move(string queue, StoredMessage message) => Execute(_move, queue, Envelope.Write(message.Message), message.EnqueuedTime.UtcTicks,
        message.ExpiresAt.UtcTicks, message.DeliveryCount, (object?)message.DeadLetterSource ?? DBNull.Value, message.Sequence);

    public void Delete(StoredMessage message) => Execute(_delete, message.Sequence);

    public IEnumerable<(string Queue, StoredMessage Message)> ReadAll()
    {
        using var select = Command("SELECT seq, queue, message_id, envelope, body, enqueued, expires, deliveries, source FROM messages ORDER BY seq");
        using var row = select.ExecuteReader();
        while (row.Read())
        {
            yield return (row.GetString(1), new StoredMessage
            {
                Sequence = row.GetInt64(0),
                MessageId = row.GetString(2),
                Message = Envelope.Read(row.GetString(3), row.GetFieldValue<byte[]>(4)),
                EnqueuedTime = new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero),
                ExpiresAt = new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero),
                DeliveryCount = row.GetInt32(7),
                DeadLetterSource = row.IsDBNull(8) ? null : row.GetString(8),
            });
        }
    }

    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_insert, _deliveries, _move, _delete, _see, _forget])
            command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    private static int Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        return command.ExecuteNonQuery();
    }
}

/// <summary>A message without its body, as the row's JSON.</summary>
internal sealed record Envelope(
    string? MessageId, string? ContentType, string? Label, string? CorrelationId, string? SessionId, string? ReplyToSessionId, string? PartitionKey,
    string? ReplyTo, string? To, Dictionary<string, JsonElement>? Properties)
{
    public static string Write(QueueMessage m) => JsonSerializer.Serialize(
        new Envelope(m.MessageId, m.ContentType, m.Label, m.CorrelationId, m.SessionId, m.ReplyToSessionId, m.PartitionKey, m.ReplyTo, m.To,
            m.Properties.Count == 0 ? null : new Dictionary<string, JsonElement>(m.Properties)),
        EnvelopeJson.Default.Envelope);

    public static QueueMessage Read(string json, byte[] body)
    {
        var e = JsonSerializer.Deserialize(json, EnvelopeJson.Default.Envelope)!;
        var message = new QueueMessage(body)
        {
            MessageId = e.MessageId,
            ContentType = e.ContentType,
            Label = e.Label,
            CorrelationId = e.CorrelationId,
            SessionId = e.SessionId,
            ReplyToSessionId = e.ReplyToSessionId,
            PartitionKey = e.PartitionKey,
            ReplyTo = e.ReplyTo,
            To = e.To,
        };
        return e.Properties is null ? message : message with { Properties = e.Properties };
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Envelope))]
internal sealed partial class EnvelopeJson : JsonSerializerContext;
