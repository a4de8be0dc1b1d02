using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Identity;
using Microsoft.IdentityModel.Tokens;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>Whose word is believed.</summary>
public sealed class TokenTests(DoorFixture fixture) : IClassFixture<DoorFixture>
{
    private const string Address = "/api/me";

    private static readonly DateTimeOffset Now = World.Noon;

    /// <summary>What is wrong with a token that is else perfect.</summary>
    private static readonly Dictionary<string, Func<string>> Bad = new()
    {
        ["expired"] = () => TestTokens.Sign(TestTokens.Claims(Door.Person, Now.AddHours(-2) - Tokens.Skew - TimeSpan.FromMinutes(1), Role.Operator)),
        ["not valid yet"] = () => TestTokens.Sign(TestTokens.Claims(Door.Person, Now + Tokens.Skew + TimeSpan.FromMinutes(1), Role.Operator)),
        ["without an end"] = () => TestTokens.Sign(With("exp", null)),
        ["of another tenant"] = () => TestTokens.Sign(With("iss", $"{TestDirectory.Instance}/00000000-4a59-4687-9b0c-1d2e3f405162/v2.0")),
        ["of a guest's tenant"] = () => TestTokens.Sign(With("tid", "00000000-4a59-4687-9b0c-1d2e3f405162")),
        ["without a tenant"] = () => TestTokens.Sign(With("tid", null)),
        ["for somebody else"] = () => TestTokens.Sign(With("aud", "00000003-0000-0000-c000-000000000000")),
        ["for nobody"] = () => TestTokens.Sign(With("aud", null)),
        ["about nobody"] = () => TestTokens.Sign(With("oid", null)),
        ["about no GUID"] = () => TestTokens.Sign(With("oid", "operator")),
        ["an ID token"] = () => TestTokens.Sign(With("scp", null)),
        ["unsigned"] = () => TestTokens.Sign(new() { ["typ"] = "JWT", ["alg"] = "none" }, Good(), _ => []),
        ["unsigned, with the key's name"] = () => TestTokens.Sign(new() { ["typ"] = "JWT", ["alg"] = "none", ["kid"] = TestDirectory.FirstKey.Id }, Good(), _ => []),
        ["HS256 by the public key's text"] = () => Hmac(Encoding.ASCII.GetBytes(TestDirectory.FirstKey.PublicPem)),
        ["HS256 by the public key's modulus"] = () => Hmac(TestDirectory.FirstKey.PublicModulus),
        ["by a key of its own"] = () => TestTokens.Sign(Good(), TestDirectory.SecondKey),
        ["by a key of its own in the header"] = () => TestTokens.Sign(
            new() { ["typ"] = "JWT", ["alg"] = "RS256", ["jwk"] = TestDirectory.SecondKey.Published() }, Good(), TestDirectory.SecondKey.Sign),
        ["changed after it was signed"] = () => Tampered(),
        ["no token at all"] = () => "operator",
    };

    public static TheoryData<string> BadTokens => [.. Bad.Keys];

    [Fact]
    public async Task A_good_token_says_who_asks()
    {
        var me = await fixture.Door.GetAsync(Address, Door.Token(Role.Operator, Role.Finance));

        me.Status.ShouldBe(HttpStatusCode.OK);
        me.Json["objectId"]!.GetValue<string>().ShouldBe(Door.Person);
        me.Json["name"]!.GetValue<string>().ShouldBe("周运营");
        me.Json["roles"]!.ToJsonString().ShouldBe("""["Operator","Finance"]""");
    }

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_token_is_refused_that_is(string bad)
    {
        var refused = await fixture.Door.GetAsync(Address, Bad[bad]());

        refused.ShouldBeRefused(HttpStatusCode.Unauthorized).Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
        refused.Text.ShouldNotContain("IDX");
    }

    [Fact]
    public async Task Without_a_token_one_is_asked_to_sign_in()
    {
        (await fixture.Door.GetAsync(Address)).ShouldBeRefused(HttpStatusCode.Unauthorized).Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task Clocks_may_differ_a_little()
    {
        var expired = TestTokens.Sign(TestTokens.Claims(Door.Person, Now.AddHours(-2).AddMinutes(-1), Role.Operator));
        var early = TestTokens.Sign(TestTokens.Claims(Door.Person, Now.AddMinutes(1), Role.Operator));

        (await fixture.Door.GetAsync(Address, expired)).Status.ShouldBe(HttpStatusCode.OK);
        (await fixture.Door.GetAsync(Address, early)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("0")]
    [InlineData("Administrator")]
    [InlineData("Operator,Finance")]
    public async Task A_role_that_we_do_not_know_means_nothing(string role)
    {
        var claims = Good();
        claims["roles"] = new JsonArray(role);

        (await fixture.Door.GetAsync(Address, TestTokens.Sign(claims))).ShouldBeRefused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Roles_that_are_told_anywhere_but_in_the_token_mean_nothing()
    {
        const string Body = """{"name":"x","distributors":[],"merchants":[],"active":true,"version":0,"roles":["Operator"],"role":"Operator"}""";

        var refused = await fixture.Door.SendJsonAsync(HttpMethod.Put, $"/api/members/{Door.Person}?roles=Operator", Door.Token(Role.Distributor), Body);

        refused.ShouldBeRefused(HttpStatusCode.Forbidden);
        (await fixture.Door.GetAsync("/api/members", Door.Token(Role.Operator))).Text.ShouldBe("[]");
    }

    private static JsonObject Good() => TestTokens.Claims(Door.Person, Now, Role.Operator);

    private static JsonObject With(string claim, string? value)
    {
        var claims = Good();
        claims.Remove(claim);
        if (value is not null)
            claims[claim] = value;
        return claims;
    }

    private static string Hmac(byte[] key) => TestTokens.Sign(
        new() { ["typ"] = "JWT", ["alg"] = "HS256", ["kid"] = TestDirectory.FirstKey.Id }, Good(), text => HMACSHA256.HashData(key, text));

    private static string Tampered()
    {
        var parts = TestTokens.Sign(TestTokens.Claims(Door.Person, Now, Role.Merchant)).Split('.');
        return $"{parts[0]}.{Base64UrlEncoder.Encode(Good().ToJsonString())}.{parts[2]}";
    }
}
