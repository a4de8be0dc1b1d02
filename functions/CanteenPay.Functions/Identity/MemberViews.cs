namespace CanteenPay.Functions.Identity;

/// <summary>What an operator says of a person.</summary>
/// <param name="Name">For operators to read.</param>
/// <param name="Distributors">The distributors that they act for.</param>
/// <param name="Merchants">The merchants that they act for.</param>
/// <param name="Active">False blocks them.</param>
/// <param name="Version">The version that is changed; 0 for a new one.</param>
internal sealed record MemberBody(string Name, IReadOnlyList<string> Distributors, IReadOnlyList<string> Merchants, bool Active, long Version);

/// <summary>A member as it is shown.</summary>
internal sealed record MemberView(string ObjectId, string Name, IReadOnlyList<string> Distributors, IReadOnlyList<string> Merchants, bool Active, long Version)
{
    public static MemberView Of(Member member) => new(
        member.ObjectId,
        member.Name,
        [.. member.Scope.Distributors.Select(id => id.Value).Order(StringComparer.Ordinal)],
        [.. member.Scope.Merchants.Select(id => id.Value).Order(StringComparer.Ordinal)],
        member.IsActive,
        member.Number);
}

/// <summary>Who one is.</summary>
internal sealed record MeView(string ObjectId, string Name, IReadOnlyList<Role> Roles, IReadOnlyList<string> Distributors, IReadOnlyList<string> Merchants)
{
    public static MeView Of(Caller caller) => new(
        caller.ObjectId,
        caller.Name,
        [.. caller.Roles.Order()],
        [.. caller.Scope.Distributors.Select(id => id.Value).Order(StringComparer.Ordinal)],
        [.. caller.Scope.Merchants.Select(id => id.Value).Order(StringComparer.Ordinal)]);
}
