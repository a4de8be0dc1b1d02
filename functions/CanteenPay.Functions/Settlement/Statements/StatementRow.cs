using System.Globalization;
using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>
/// A revision of a merchant's statement: table <c>Settlements</c>, partition = settlement date, row <c>{merchantId}-r{n}</c>. What it says never changes; that a later one came, or that
/// the day was closed with it, is noted beside.
/// </summary>
/// <param name="Statement">What it says.</param>
/// <param name="Revision">Which one, from 1.</param>
/// <param name="Reason">Why it was made.</param>
/// <param name="Changes">In what it differs from the revision before.</param>
/// <param name="MadeAt">When; not part of what is compared.</param>
internal sealed record StatementRow(Statement Statement, int Revision, RevisionReason Reason, IReadOnlyList<FieldChange> Changes, DateTimeOffset MadeAt)
    : ITableEntity<StatementRow>
{
    /// <summary>The column that is true for one revision of a merchant's day.</summary>
    public const string IsLatestColumn = "IsLatest";

    /// <summary>The column that says that the day was closed with it.</summary>
    public const string IsFinalColumn = "IsFinal";

    /// <summary>What stands between the merchant and the number.</summary>
    public const string Infix = "-r";

    /// <summary>Whether no later one was made.</summary>
    public bool IsLatest { get; init; } = true;

    /// <summary>Whether the day was closed with it.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The version that was read; default for one that was made here.</summary>
    public ETag Version { get; init; }

    /// <summary>The canonical form of what it says.</summary>
    public string Body => JsonSerializer.Serialize(Statement, SettlementJson.Default.Statement);

    /// <summary>Its row.</summary>
    public static string Key(MerchantId merchant, int revision) => string.Create(CultureInfo.InvariantCulture, $"{merchant}{Infix}{revision}");

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Statement.Day), Key(Statement.Merchant, Revision))
        {
            ["Reason"] = Reason.ToString(),
            ["MadeAt"] = MadeAt,
            [IsLatestColumn] = IsLatest,
            [IsFinalColumn] = IsFinal,
        };
        row.SetLong("Body", Body);
        row.SetLong("Changes", JsonSerializer.Serialize([.. Changes], SettlementJson.Default.ListFieldChange));
        return row;
    }

    /// <inheritdoc/>
    public static StatementRow FromTableEntity(TableEntity row) => new(
        JsonSerializer.Deserialize(row.Long("Body"), SettlementJson.Default.Statement) ?? throw new InvalidOperationException($"The row {row.RowKey} has no statement."),
        int.Parse(row.RowKey.AsSpan(MerchantId.Length + Infix.Length), NumberStyles.None, CultureInfo.InvariantCulture),
        Enum.Parse<RevisionReason>(row.Text("Reason")),
        JsonSerializer.Deserialize(row.Long("Changes"), SettlementJson.Default.ListFieldChange) ?? [],
        row.Time("MadeAt"))
    {
        IsLatest = row.GetBoolean(IsLatestColumn) ?? false,
        IsFinal = row.GetBoolean(IsFinalColumn) ?? false,
        Version = row.ETag,
    };

    /// <summary>The revision that follows another one.</summary>
    public static StatementRow After(StatementRow? before, Statement statement, DateTimeOffset now)
    {
        if (before is null)
            return new(statement, 1, RevisionReason.First, [], now);
        var reason = RevisionReason.Rules;
        if (before.Statement.PostingsDigest != statement.PostingsDigest)
            reason |= RevisionReason.Postings;
        if (before.Statement.CarriedIn != statement.CarriedIn)
            reason |= RevisionReason.Carried;
        var made = new StatementRow(statement, before.Revision + 1, reason, [], now);
        return made with { Changes = RevisionDiff.Between(before.Body, made.Body) };
    }
}
