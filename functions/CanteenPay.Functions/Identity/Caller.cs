namespace CanteenPay.Functions.Identity;

/// <summary>Who asks.</summary>
/// <param name="ObjectId">The person in the directory: a GUID in lower case.</param>
/// <param name="Name">How they are called, for people to read.</param>
/// <param name="Roles">What they are, by their token.</param>
/// <param name="Scope">Whose they are, by our own table.</param>
internal sealed record Caller(string ObjectId, string Name, IReadOnlySet<Role> Roles, Scope Scope)
{
    /// <summary>Whether they have the role.</summary>
    public bool Is(Role role) => Roles.Contains(role);

    /// <summary>Whether they may do for all what the roles allow for all.</summary>
    public bool IsAny(IEnumerable<Role> roles) => roles.Any(Roles.Contains);
}

/// <summary>Who asks, for handlers.</summary>
internal static class CallerOfRequest
{
    /// <summary>Who asks. Every handler below <c>/api</c> has one.</summary>
    /// <exception cref="InvalidOperationException">The request did not come through the gate.</exception>
    public static Caller Caller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException($"{http.Request.Method} {http.Request.Path} has no caller: it did not come through the gate.");
}
