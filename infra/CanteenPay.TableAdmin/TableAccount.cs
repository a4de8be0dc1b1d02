using Azure.Core;
using CanteenPay.Azure.Tables;

namespace CanteenPay.TableAdmin;

/// <summary>Opens the tables of a storage account.</summary>
internal static class TableAccount
{
    /// <summary>The account's tables: by the identity of whoever is signed in, locally by connection string.</summary>
    /// <param name="account"><c>https://{account}.table.core.windows.net</c>, or a connection string.</param>
    /// <param name="identity">Gets the tokens for an address.</param>
    /// <exception cref="AdminException">It is neither.</exception>
    public static TableServiceClient Open(string account, TokenCredential identity)
    {
        if (Uri.TryCreate(account, UriKind.Absolute, out var endpoint) && endpoint.Scheme == Uri.UriSchemeHttps)
            return new TableServiceClient(endpoint, identity);
        try
        {
            return new TableServiceClient(account);
        }
        catch (FormatException e)
        {
            throw new AdminException($"An account is https://NAME.table.core.windows.net, or a connection string. {e.Message}");
        }
    }
}
