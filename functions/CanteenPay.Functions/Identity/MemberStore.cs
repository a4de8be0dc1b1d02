using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Identity;

/// <summary>The table <c>Members</c>.</summary>
internal sealed class MemberStore(TableServiceClient tables, RegistryCache cache)
{
    private readonly TableClient _members = tables.GetTableClient("Members");

    /// <summary>A member, at most <see cref="RegistryCache.Freshness"/> old: somebody who is blocked is out a minute later at most. Null for one that is not there.</summary>
    public Task<Member?> FindRecentAsync(string objectId, CancellationToken cancellationToken) =>
        cache.GetAsync(KeyOf(objectId), () => FindAsync(objectId, cancellationToken), remembersAbsence: true);

    /// <summary>A member as it is now.</summary>
    public Task<Member?> FindAsync(string objectId, CancellationToken cancellationToken) =>
        _members.GetEntityIfExistsAsync<Member>(objectId, Member.ProfileRow, cancellationToken);

    /// <summary>All members, by object id.</summary>
    public IAsyncEnumerable<Member> ListAsync(CancellationToken cancellationToken) =>
        _members.QueryAsync<Member>(TableClient.CreateQueryFilter($"RowKey eq {Member.ProfileRow}"), cancellationToken: cancellationToken);

    /// <summary>Writes a member over the one that was read, or a new one; false when somebody else was faster.</summary>
    public async Task<bool> TryWriteAsync(Member member, Member? read, CancellationToken cancellationToken)
    {
        try
        {
            if (read is null)
                await _members.AddEntityAsync(member, cancellationToken);
            else
                await _members.UpdateEntityAsync(member, read.Version, TableUpdateMode.Replace, cancellationToken);
            cache.Forget(KeyOf(member.ObjectId));
            return true;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private static string KeyOf(string objectId) => $"member-{objectId}";
}
