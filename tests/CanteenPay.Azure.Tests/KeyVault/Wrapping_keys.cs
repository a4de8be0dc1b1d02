using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure;
using CanteenPay.Azure.KeyVault;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.Azure.Tests.KeyVault;

/// <summary>Against a stand-in that holds an RSA key per version and does as the vault's REST documents say.</summary>
public sealed class Wrapping_keys : IDisposable
{
    private static readonly Uri Vault = new("https://contoso.vault.azure.net");
    private static readonly byte[] DataKey = [.. Enumerable.Range(0, 32).Select(n => (byte)n)];

    private readonly Dictionary<string, RSA> versions = new() { ["v1"] = RSA.Create(2048) };
    private readonly FixedToken credential = new();
    private string latest = "v1";

    public void Dispose()
    {
        foreach (var key in versions.Values)
            key.Dispose();
    }

    [Fact]
    public async Task A_wrapped_key_names_the_version_that_opens_it()
    {
        await using var server = await RestServer.StartAsync(AnswerAsync);
        var vault = Client(server);

        var wrapped = await vault.GetCryptographyClient("merchants").WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, DataKey);
        latest = "v2";
        versions["v2"] = RSA.Create(2048);
        KeyIdentifier.TryCreate(wrapped.KeyId, out var identifier).ShouldBeTrue();
        var opened = await vault.GetCryptographyClient(identifier!.Name, identifier.Version).UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey);

        wrapped.KeyId.ShouldBe("https://contoso.vault.azure.net/keys/merchants/v1");
        wrapped.EncryptedKey.ShouldNotBe(DataKey);
        opened.Key.ShouldBe(DataKey);
        server.Requests.Select(request => request.Target).ShouldBe(
            ["/keys/merchants/wrapkey?api-version=7.4", "/keys/merchants/v1/unwrapkey?api-version=7.4"]);
    }

    [Fact]
    public async Task It_asks_with_a_token_for_vaults()
    {
        await using var server = await RestServer.StartAsync(AnswerAsync);

        await Client(server).GetCryptographyClient("merchants").WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, DataKey);

        credential.Scopes.ShouldBe(["https://vault.azure.net/.default"]);
        server.Requests[0].Headers["Authorization"].ShouldBe("Bearer token-1");
    }

    [Fact]
    public async Task What_another_version_wrapped_is_refused_with_the_vaults_code()
    {
        await using var server = await RestServer.StartAsync(AnswerAsync);
        var wrapped = await Client(server).GetCryptographyClient("merchants").WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, DataKey);
        versions["v2"] = RSA.Create(2048);

        var refused = await Should.ThrowAsync<RequestFailedException>(
            () => Client(server).GetCryptographyClient("merchants", "v2").UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey));

        (refused.Status, refused.ErrorCode).ShouldBe((400, "BadParameter"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(201)]
    public async Task Any_other_answer_is_an_error(int status)
    {
        await using var server = await RestServer.StartAsync(status);

        var refused = await Should.ThrowAsync<RequestFailedException>(
            () => Client(server).GetCryptographyClient("merchants").WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, DataKey));

        refused.Status.ShouldBe(status);
        server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_vault_that_throttles_is_asked_again()
    {
        var busy = true;
        await using var server = await RestServer.StartAsync((request, response) =>
        {
            if (!busy)
                return AnswerAsync(request, response);
            busy = false;
            response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        });

        var transport = Redirect.To(server);
        transport.After = (message, _) =>
        {
            // The next attempt begins above the redirection again.
            message.Request.Uri.Reset(new Uri(Vault, "keys/merchants/wrapkey?api-version=7.4"));
            return Task.CompletedTask;
        };
        KeyClient vault = new(Vault, credential, new() { Transport = transport, Retry = { Delay = TimeSpan.FromMilliseconds(1) } });

        await vault.GetCryptographyClient("merchants").WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, DataKey);

        server.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>secret</html>")]
    [InlineData("""{"kid":"k"}""")]
    [InlineData("""{"kid":"k","value":"*secret*"}""")]
    [InlineData("[]")]
    public async Task An_answer_that_is_not_the_vaults_is_an_error_that_tells_nothing_of_it(string answer)
    {
        await using var server = await RestServer.StartAsync((_, response) => response.WriteAsync(answer));

        var refused = await Should.ThrowAsync<RequestFailedException>(
            () => Client(server).GetCryptographyClient("merchants", "v1").UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, DataKey));

        refused.Message.ShouldContain("unwrapkey");
        refused.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void A_vault_without_https_is_refused() =>
        Should.Throw<ArgumentException>(() => new KeyClient(new("http://contoso.vault.azure.net"), credential));

    [Theory]
    [InlineData("https://v.example.com/keys/a", "a", null)]
    [InlineData("https://v.example.com/keys/a/", "a", null)]
    [InlineData("https://v.example.com/keys/a/0123", "a", "0123")]
    public void An_identifier_is_read(string text, string name, string? version)
    {
        KeyIdentifier.TryCreate(text, out var identifier).ShouldBeTrue();

        (identifier!.Name, identifier.Version, identifier.VaultUri).ShouldBe((name, version, new Uri("https://v.example.com")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("merchants")]
    [InlineData("https://v.example.com/")]
    [InlineData("https://v.example.com/keys/")]
    [InlineData("https://v.example.com/secrets/a")]
    [InlineData("https://v.example.com/keys/a/b/c")]
    [InlineData("https://v.example.com/keys/a%2Fb")]
    [InlineData("https://v.example.com/keys/a?b")]
    [InlineData("https://v.example.com/keys/a#b")]
    [InlineData("https://user@v.example.com/keys/a")]
    public void What_is_no_identifier_is_not_taken_for_one(string? text) =>
        KeyIdentifier.TryCreate(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("../secrets", null)]
    [InlineData("", null)]
    [InlineData("a", "..")]
    [InlineData("a", "")]
    public void A_name_that_leads_elsewhere_is_refused(string name, string? version) =>
        Should.Throw<ArgumentException>(() => new KeyClient(Vault, credential).GetCryptographyClient(name, version));

    private KeyClient Client(RestServer server) =>
        new(Vault, credential, new() { Transport = Redirect.To(server), Retry = { Delay = TimeSpan.FromMilliseconds(1) } });

    private Task AnswerAsync(Received request, HttpResponse response)
    {
        var parts = request.Target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var version = parts.Length == 4 ? parts[2] : latest;
        var body = JsonNode.Parse(request.Body)!;
        body["alg"]!.GetValue<string>().ShouldBe("RSA-OAEP-256");
        var value = Base64Url.DecodeFromChars(body["value"]!.GetValue<string>());
        try
        {
            var result = parts[^1] == "wrapkey"
                ? versions[version].Encrypt(value, RSAEncryptionPadding.OaepSHA256)
                : versions[version].Decrypt(value, RSAEncryptionPadding.OaepSHA256);
            return response.WriteAsync($$"""{"kid":"{{Vault.AbsoluteUri}}keys/{{parts[1]}}/{{version}}","value":"{{Base64Url.EncodeToString(result)}}"}""");
        }
        catch (CryptographicException)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            response.ContentType = "application/json";
            return response.WriteAsync("""{"error":{"code":"BadParameter","message":"The parameter is incorrect."}}""");
        }
    }
}
