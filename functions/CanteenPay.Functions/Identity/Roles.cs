using System.Collections.Frozen;
using System.Security.Claims;

namespace CanteenPay.Functions.Identity;

/// <summary>Reads roles from a token.</summary>
internal static class Roles
{
    /// <summary>By name and nothing else: a number is no role.</summary>
    private static readonly FrozenDictionary<string, Role> ByName = Enum.GetValues<Role>().ToFrozenDictionary(role => role.ToString(), StringComparer.Ordinal);

    /// <summary>All roles.</summary>
    public static readonly IReadOnlyList<Role> All = Enum.GetValues<Role>();

    /// <summary>The person's roles; what we do not know means nothing.</summary>
    public static IReadOnlySet<Role> Of(ClaimsPrincipal user) =>
        user.FindAll("roles").Select(claim => ByName.TryGetValue(claim.Value, out var role) ? role : (Role?)null).OfType<Role>().ToHashSet();
}
