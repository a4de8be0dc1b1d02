using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>An entry as the table <c>Audit</c> holds it: partition = day, row = its number there.</summary>
/// <param name="Day">The day under which it is kept.</param>
/// <param name="Seq">Its number on that day, from 1.</param>
/// <param name="Entry">What it says.</param>
/// <param name="Previous">The hash of the entry before it.</param>
/// <param name="Hash">Its own.</param>
internal sealed record AuditRow(DateOnly Day, long Seq, AuditEntry Entry, string Previous, string Hash) : ITableEntity<AuditRow>
{
    /// <summary>The row of an entry.</summary>
    public static string Key(long seq) => seq.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>The next row of a day.</summary>
    public static AuditRow After(AuditHead head, AuditEntry entry) =>
        new(head.Day, head.Seq + 1, entry, head.Hash, AuditChain.Next(head.Hash, head.Day, head.Seq + 1, entry));

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Day), Key(Seq))
        {
            ["Request"] = Entry.Request,
            ["At"] = Entry.At,
            ["Kind"] = Entry.Kind.ToString(),
            ["Who"] = Entry.Who,
            ["Name"] = Entry.Name,
            ["Roles"] = Entry.Roles,
            ["What"] = Entry.What,
            ["Subject"] = Entry.Subject,
            ["From"] = Entry.From,
            ["Previous"] = Previous,
            ["Hash"] = Hash,
        };
        row.SetIfAny("Body", Entry.Body);
        row.SetIfAny("Status", Entry.Status);
        row.SetIfAny("Before", Entry.Before);
        row.SetIfAny("After", Entry.After);
        return row;
    }

    /// <summary>Reads a row; whatever was spoilt in it is read as something that its hash does not fit.</summary>
    public static AuditRow FromTableEntity(TableEntity row) => new(
        DateOnly.ParseExact(row.PartitionKey, "yyyyMMdd", CultureInfo.InvariantCulture),
        long.TryParse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : 0,
        new AuditEntry
        {
            Request = Text(row, "Request") ?? "",
            At = row.TryGetValue("At", out var at) && at is DateTimeOffset time ? time : default,
            Kind = Enum.TryParse<AuditKind>(Text(row, "Kind"), out var kind) ? kind : default,
            Who = Text(row, "Who") ?? "",
            Name = Text(row, "Name") ?? "",
            Roles = Text(row, "Roles") ?? "",
            What = Text(row, "What") ?? "",
            Subject = Text(row, "Subject") ?? "",
            From = Text(row, "From") ?? "",
            Body = Text(row, "Body"),
            Status = row.TryGetValue("Status", out var status) ? status as int? : null,
            Before = Text(row, "Before"),
            After = Text(row, "After"),
        },
        Text(row, "Previous") ?? "",
        Text(row, "Hash") ?? "");

    private static string? Text(TableEntity row, string column) => row.TryGetValue(column, out var value) ? value as string : null;
}
