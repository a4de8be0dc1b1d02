using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Identity;

/// <summary>Whose something is.</summary>
/// <param name="Merchant">The merchant whose people own it; null when it is not for them.</param>
/// <param name="Distributor">The distributor whose people own it; null when there is none.</param>
internal sealed record Owned(MerchantId? Merchant, DistributorId? Distributor)
{
    /// <summary>Whether it is the caller's, by one of the roles.</summary>
    public bool IsOf(Caller caller, IReadOnlyList<Role> own) => own.Any(role => caller.Is(role) && role switch
    {
        Role.Merchant => Merchant is { } merchant && caller.Scope.Merchants.Contains(merchant),
        Role.Distributor => Distributor is { } distributor && caller.Scope.Distributors.Contains(distributor),
        _ => false,
    });
}

/// <summary>Finds whose the thing is that a request names in its route.</summary>
internal interface IOwners
{
    /// <summary>Whose it is; null when there is no such thing, which the caller cannot tell from one of somebody else's.</summary>
    Task<Owned?> OfAsync(HttpContext http);
}

/// <summary>The ways in which a route says whose it is.</summary>
internal static class Owner
{
    /// <summary>The handler itself keeps to <see cref="Caller.Scope"/>: lists, and bodies that name whose it is.</summary>
    public static readonly IOwners Listed = new ListedOwners();

    /// <summary>A merchant's: its people's and its distributor's.</summary>
    /// <param name="route">The route value with the merchant's id.</param>
    public static IOwners Merchant(string route) => new ByRoute(route, async (text, http) =>
        MerchantId.TryParse(text, null, out var id) ? new Owned(id, await DistributorAsync(id, http)) : null);

    /// <summary>A distributor's.</summary>
    /// <param name="route">The route value with the distributor's id.</param>
    public static IOwners Distributor(string route) => new ByRoute(route, static (text, _) =>
        Task.FromResult(DistributorId.TryParse(text, null, out var id) ? new Owned(null, id) : null));

    /// <summary>An order's: those of its merchant, which is inside the id.</summary>
    /// <param name="route">The route value with the order's id.</param>
    public static IOwners Order(string route) => new ByRoute(route, async (text, http) =>
        OrderId.TryParse(text, null, out var id) ? new Owned(id.Merchant, await DistributorAsync(id.Merchant, http)) : null);

    /// <summary>An application's: its distributor's.</summary>
    /// <param name="route">The route value with the merchant's id.</param>
    public static IOwners Application(string route) => new ByRoute(route, async (text, http) =>
        MerchantId.TryParse(text, null, out var id) ? new Owned(null, await DistributorAsync(id, http)) : null);

    private static Task<DistributorId?> DistributorAsync(MerchantId merchant, HttpContext http) =>
        http.RequestServices.GetRequiredService<ApplicationStore>().DistributorOfAsync(merchant, http.RequestAborted);

    private sealed class ByRoute(string route, Func<string, HttpContext, Task<Owned?>> read) : IOwners
    {
        public Task<Owned?> OfAsync(HttpContext http) => read(http.GetRouteValue(route) as string ?? "", http);
    }

    private sealed class ListedOwners : IOwners
    {
        public Task<Owned?> OfAsync(HttpContext http) => throw new InvalidOperationException("The handler knows whose it is.");
    }
}
