using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Identity;

/// <summary>Whose a person is; table <c>Members</c>, partition = object id, row <c>profile</c>. The directory says what they are, we say for whom.</summary>
/// <param name="ObjectId">The person in the directory: a GUID in lower case.</param>
/// <param name="Name">For operators to read.</param>
/// <param name="Scope">Whose they are.</param>
/// <param name="IsActive">False blocks them, whatever their roles.</param>
/// <param name="Number">Grows by 1 with each change, from 1.</param>
/// <param name="Version">The version of the row that was read; default for one that was made here.</param>
internal sealed record Member(string ObjectId, string Name, Scope Scope, bool IsActive, long Number, ETag Version = default) : ITableEntity<Member>
{
    /// <summary>The row of a member.</summary>
    public const string ProfileRow = "profile";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(ObjectId, ProfileRow)
    {
        ["Name"] = Name,
        ["Distributors"] = Join(Scope.Distributors.Select(id => id.Value)),
        ["Merchants"] = Join(Scope.Merchants.Select(id => id.Value)),
        ["IsActive"] = IsActive,
        ["Version"] = Number,
    };

    /// <inheritdoc/>
    public static Member FromTableEntity(TableEntity row) => new(
        row.PartitionKey,
        row.GetString("Name") ?? "",
        new Scope(Split(row, "Distributors").Select(DistributorId.Parse).ToHashSet(), Split(row, "Merchants").Select(MerchantId.Parse).ToHashSet()),
        // A row that does not say it blocks: whoever spoilt it lets nobody in.
        row.GetBoolean("IsActive") ?? false,
        row.GetInt64("Version") ?? throw new InvalidOperationException($"Member {row.PartitionKey} has no version."),
        row.ETag);

    /// <summary>Whether another one says the same of the person.</summary>
    public bool SaysTheSameAs(Member other) => Name == other.Name && IsActive == other.IsActive
        && Scope.Distributors.SetEquals(other.Scope.Distributors) && Scope.Merchants.SetEquals(other.Scope.Merchants);

    private static string Join(IEnumerable<string> ids) => string.Join(',', ids.Order(StringComparer.Ordinal));

    private static string[] Split(TableEntity row, string column) => (row.GetString(column) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
}
