using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace CanteenPay.Azure.KeyVault;

/// <summary>Which key: <c>https://{vault}/keys/{name}/{version}</c>, or without a version the latest.</summary>
public sealed record KeyIdentifier
{
    private const int MaxName = 127;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>From its parts.</summary>
    /// <exception cref="ArgumentException">A name or version that no key has.</exception>
    public KeyIdentifier(Uri vaultUri, string name, string? version)
    {
        ArgumentNullException.ThrowIfNull(vaultUri);
        VaultUri = new(vaultUri.GetLeftPart(UriPartial.Authority));
        Name = IsName(name) ? name : throw new ArgumentException($"'{name}' is no key's name.", nameof(name));
        Version = version is null || IsName(version) ? version : throw new ArgumentException($"'{version}' is no key's version.", nameof(version));
    }

    /// <summary>The vault's address.</summary>
    public Uri VaultUri { get; }

    /// <summary>The key's name.</summary>
    public string Name { get; }

    /// <summary>Its version; null for the latest.</summary>
    public string? Version { get; }

    /// <summary>Reads an identifier.</summary>
    public static bool TryCreate(string? text, [NotNullWhen(true)] out KeyIdentifier? identifier)
    {
        identifier = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            return false;
        }

        if (uri.AbsolutePath.Trim('/').Split('/') is not ["keys", var name, .. { Length: <= 1 } versions] || !IsName(name) || !versions.All(IsName))
        {
            return false;
        }

        identifier = new(uri, name, versions.Length == 1 ? versions[0] : null);
        return true;
    }

    /// <summary>As an address.</summary>
    public Uri ToUri() => new(VaultUri, Version is null ? $"keys/{Name}" : $"keys/{Name}/{Version}");

    /// <inheritdoc/>
    public override string ToString() => ToUri().AbsoluteUri;

    private static bool IsName(string text) => text.Length is > 0 and <= MaxName && !text.AsSpan().ContainsAnyExcept(NameCharacters);
}
