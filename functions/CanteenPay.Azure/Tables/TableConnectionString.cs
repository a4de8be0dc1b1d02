namespace CanteenPay.Azure.Tables;

/// <summary>Where an account's tables are and how to sign for them.</summary>
internal sealed record TableConnectionString(Uri Endpoint, string AccountName, byte[] AccountKey)
{
    // Published by Microsoft for the emulator; it opens nothing else.
    private const string DevelopmentAccount = "devstoreaccount1";
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    internal static TableConnectionString Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var settings = ConnectionSettings.Parse(connectionString, "the storage connection string");
        if (string.Equals(settings.Find("UseDevelopmentStorage"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return new(new($"http://127.0.0.1:10002/{DevelopmentAccount}"), DevelopmentAccount, Convert.FromBase64String(DevelopmentKey));
        }

        var account = settings.Get("AccountName");
        var endpoint = settings.Find("TableEndpoint")
            ?? $"{settings.Find("DefaultEndpointsProtocol") ?? "https"}://{account}.table.{settings.Find("EndpointSuffix") ?? "core.windows.net"}";
        return new(settings.GetUri("TableEndpoint", endpoint), account, settings.GetKey("AccountKey"));
    }

    /// <summary>Without the key: this must be safe to log.</summary>
    public override string ToString() => $"{AccountName} at {Endpoint}";
}
