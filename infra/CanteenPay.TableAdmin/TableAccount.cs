using Azure.Core;
using CanteenPay.Azure.Tables;

namespace CanteenPay.TableAdmin;

/// <summary>Opens the tables of a storage account.</summary>
internal static class TableAccount
{
    /// <summary>The account's tables: by the identity of whoever is signed in, locally by connection string.</summary>
    /// <param name="account"><c>https://{account}.table.core.windows.net</c>, or the name of an environment variable that holds a connection string: no key stands in a command.</param>
    /// <param name="identity">Gets the tokens for an address.</param>
    /// <exception cref="AdminException">It is neither.</exception>
    public static TableServiceClient Open(string account, TokenCredential identity)
    {
        if (Uri.TryCreate(account, UriKind.Absolute, out var endpoint) && endpoint.Scheme == Uri.UriSchemeHttps)
            return new TableServiceClient(endpoint, identity);
        try
        {
            return new TableServiceClient(Environment.GetEnvironmentVariable(account) is { Length: > 0 } connection ? connection : throw new AdminException($"'{account}' 既不是地址也不是环境变量 is neither an https address nor a variable of the environment that holds a connection string."));
        }
        catch (FormatException e)
        {
            throw new AdminException($"The variable '{account}' holds no connection string. {e.Message}");
        }
    }
}
