using Azure.Core;
using CanteenPay.Azure.KeyVault;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Sealing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace CanteenPay.Functions.Tests.Sealing;

/// <summary>Which key wraps is plain at start, or the app does not start.</summary>
public sealed class SealingSettingsTests
{
    private const string Vault = "https://contoso.vault.azure.net/keys/merchants";

    [Fact]
    public void In_Azure_it_is_a_vaults_key() => Read("Production", vault: Vault).ShouldBeOfType<KeyVaultKey>().Id.ShouldBe(Vault);

    [Theory]
    [InlineData("Production", null, null, "Sealing:KeyVaultKey is missing")]
    [InlineData("Development", null, null, "Sealing:KeyVaultKey is missing")]
    [InlineData("Production", "sealing.key", null, "Development only")]
    [InlineData("Development", "sealing.key", Vault, "both")]
    [InlineData("Production", null, "http://contoso.vault.azure.net/keys/merchants", "not a key's identifier")]
    [InlineData("Production", null, "https://contoso.vault.azure.net/secrets/merchants", "not a key's identifier")]
    public void What_is_missing_or_wrong_is_said_at_start(string environment, string? file, string? vault, string words)
    {
        Should.Throw<SettingException>(() => Read(environment, file, vault)).Message.ShouldContain(words);
        File.Exists("sealing.key").ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://evil.example.com/keys/merchants/v1")]
    [InlineData("https://contoso.vault.azure.net.evil.example.com/keys/merchants/v1")]
    [InlineData("file:0123456789abcdef")]
    [InlineData("")]
    public async Task A_row_cannot_send_our_token_to_another_vault(string keyId)
    {
        var key = new KeyVaultKey(new KeyClient(new("https://contoso.vault.azure.net"), new NoToken()), new(new("https://contoso.vault.azure.net"), "merchants", null));

        (await Should.ThrowAsync<SealException>(() => key.UnwrapAsync(new(keyId, [1]), default))).Message.ShouldContain("not a key of");
    }

    private static IKeyEncryptionKey Read(string environment, string? file = null, string? vault = null) => SealingSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Sealing:KeyFile"] = file, ["Sealing:KeyVaultKey"] = vault }).Build(),
        new SomeEnvironment(environment),
        new Lazy<TokenCredential>(new NoToken()));

    private sealed class NoToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw Asked();

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw Asked();

        private static InvalidOperationException Asked() => new("A token was asked for.");
    }

    private sealed class SomeEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "app";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
