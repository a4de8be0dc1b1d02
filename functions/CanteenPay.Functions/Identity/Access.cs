namespace CanteenPay.Functions.Identity;

/// <summary>Who may call an endpoint.</summary>
/// <param name="To">These roles, for all.</param>
/// <param name="Own">These roles, for their own.</param>
/// <param name="Of">Says whose a thing is; there when <paramref name="Own"/> names anybody.</param>
internal sealed record Access(IReadOnlyList<Role> To, IReadOnlyList<Role> Own, IOwners? Of);

/// <summary>Says in code who may call an endpoint. One that does not say it is refused to everybody.</summary>
internal static class AccessOfEndpoint
{
    /// <summary>These roles may, for all.</summary>
    public static TBuilder Allow<TBuilder>(this TBuilder endpoint, params Role[] to)
        where TBuilder : IEndpointConventionBuilder => endpoint.Allow(to, [], of: null);

    /// <summary>These roles may: some for all, some for what is their own.</summary>
    /// <param name="endpoint">The endpoint, or a group of them.</param>
    /// <param name="to">For all.</param>
    /// <param name="own">For their own.</param>
    /// <param name="of">Whose it is, see <see cref="Owner"/>.</param>
    public static TBuilder Allow<TBuilder>(this TBuilder endpoint, IReadOnlyList<Role> to, IReadOnlyList<Role> own, IOwners? of)
        where TBuilder : IEndpointConventionBuilder
    {
        if (own.Count > 0 != of is not null)
            throw new ArgumentException("Whose it is must be said when some may only do it for their own, and then only.", nameof(of));
        endpoint.WithMetadata(new Access(to, own, of));
        return endpoint;
    }
}
