namespace CanteenPay.LocalCloud.Identity;

/// <summary>The one tenant here and its one app registration: fixed, so that a configuration can name them. Public, not secrets.</summary>
internal static class Tenant
{
    internal const string Id = "0c0ffee0-0000-4000-8000-000000000001";

    /// <summary>The app registration; also the audience of its tokens.</summary>
    internal const string ClientId = "0c0ffee0-0000-4000-8000-000000000002";

    /// <summary>The issuer's address.</summary>
    /// <param name="login">Where the provider listens.</param>
    internal static string Issuer(string login) => $"{login}/{Id}/v2.0";
}
