using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CanteenPay.LocalCloud.Identity;

namespace CanteenPay.LocalCloud.Tests.Identity;

public sealed class Signing_in : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("login-").FullName;
    private Provider _provider = null!;

    public async Task InitializeAsync() => _provider = await Provider.StartAsync(_folder);

    [Fact]
    public async Task Discovery_names_the_issuer_and_every_address()
    {
        var discovery = (await _provider.Http.GetFromJsonAsync<JsonObject>("v2.0/.well-known/openid-configuration"))!;

        discovery["issuer"]!.ToString().ShouldBe($"{Provider.Login}/{Tenant.Id}/v2.0");
        discovery["authorization_endpoint"]!.ToString().ShouldBe($"{Provider.Login}/{Tenant.Id}/oauth2/v2.0/authorize");
        discovery["token_endpoint"]!.ToString().ShouldBe($"{Provider.Login}/{Tenant.Id}/oauth2/v2.0/token");
        discovery["jwks_uri"]!.ToString().ShouldBe($"{Provider.Login}/{Tenant.Id}/discovery/v2.0/keys");
        discovery["code_challenge_methods_supported"]!.ToJsonString().ShouldBe("""["S256"]""");
        using var other = await _provider.Http.GetAsync(new Uri(_provider.Http.BaseAddress!, "/33333333-3333-4333-8333-333333333333/v2.0/.well-known/openid-configuration"));
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound, "there is one tenant");
    }

    [Fact]
    public async Task The_page_shows_all_personas_and_a_click_brings_back_a_code_and_the_state()
    {
        var page = await _provider.Http.GetStringAsync(Provider.Authorize());
        page.ShouldContain("选择身份");
        page.ShouldContain("平台运营 Operator");
        page.ShouldContain("财务 Finance · 商户 Merchant");
        page.ShouldContain("&lt;两职&gt;");
        var link = WebUtility.HtmlDecode(page.Split("id=\"persona-operator\" href=\"")[1].Split('"')[0]);

        var back = await _provider.SentBackAsync($"oauth2/v2.0/authorize{link}");

        back["state"].ShouldBe("s 1&2");
        (await _provider.RedeemAsync(back["code"])).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_token_says_who_it_is_and_what_they_are_as_Entra_does()
    {
        var now = _provider.Time.GetUtcNow().ToUnixTimeSeconds();
        var (_, answer) = await _provider.RedeemAsync(await _provider.CodeAsync("two"));

        var claims = (await _provider.VerifiedAsync(answer["access_token"]!.GetValue<string>()))!;
        claims["iss"]!.ToString().ShouldBe($"{Provider.Login}/{Tenant.Id}/v2.0");
        claims["aud"]!.ToString().ShouldBe(Tenant.ClientId);
        claims["tid"]!.ToString().ShouldBe(Tenant.Id);
        claims["oid"]!.ToString().ShouldBe("22222222-2222-4222-8222-222222222222");
        claims["name"]!.ToString().ShouldBe("<两职>");
        claims["roles"]!.AsArray().Select(r => r!.ToString()).ShouldBe(["Finance", "Merchant"]);
        claims["scp"]!.ToString().ShouldBe("access_as_user");
        claims["nonce"]!.ToString().ShouldBe("n1");
        (claims["iat"]!.GetValue<long>(), claims["nbf"]!.GetValue<long>(), claims["exp"]!.GetValue<long>()).ShouldBe((now, now, now + 3600));
        (await _provider.VerifiedAsync(answer["id_token"]!.GetValue<string>()))!["oid"]!.ToString().ShouldBe("22222222-2222-4222-8222-222222222222");
        answer["expires_in"]!.GetValue<int>().ShouldBe(3600);
    }

    [Fact]
    public async Task A_code_is_good_once_for_a_minute_and_only_for_who_asked_for_it()
    {
        var used = await _provider.CodeAsync();
        (await _provider.RedeemAsync(used)).Status.ShouldBe(200);

        Said(await _provider.RedeemAsync(used)).ShouldBe("400 invalid_grant", "used");
        Said(await _provider.RedeemAsync(await _provider.CodeAsync(), ("code_verifier", "a-guess"))).ShouldBe("400 invalid_grant");
        Said(await _provider.RedeemAsync(await _provider.CodeAsync(), ("redirect_uri", "http://localhost:1/"))).ShouldBe("400 invalid_grant");
        Said(await _provider.RedeemAsync(await _provider.CodeAsync(), ("client_id", "other"))).ShouldBe("400 invalid_client");
        Said(await _provider.RedeemAsync("", ("grant_type", "client_credentials"))).ShouldBe("400 unsupported_grant_type");
        var old = await _provider.CodeAsync();
        _provider.Time.Advance(AuthorizationCodes.Lifetime);
        Said(await _provider.RedeemAsync(old)).ShouldBe("400 invalid_grant", "too old");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://10.0.0.9/")]
    [InlineData("http://localhost.evil.example/")]
    [InlineData("http://localhost:1/#fragment")]
    [InlineData("ftp://localhost/")]
    [InlineData("/relative")]
    [InlineData(null)]
    public async Task Only_pages_of_this_machine_are_sent_back_to(string? redirectUri)
    {
        using var answer = await _provider.Http.GetAsync(Provider.Authorize(("redirect_uri", redirectUri), ("persona", "operator")));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/a")]
    [InlineData("http://[::1]:5000/a")]
    [InlineData("https://localhost/a?b=c")]
    public async Task A_page_of_this_machine_may_be_anywhere_on_it(string redirectUri)
    {
        using var answer = await _provider.Http.GetAsync(Provider.Authorize(("redirect_uri", redirectUri), ("persona", "operator")));

        answer.Headers.Location!.AbsoluteUri.ShouldStartWith(redirectUri);
    }

    [Theory]
    [InlineData("client_id", "other", 400)]
    [InlineData("persona", "nobody", 400)]
    public async Task What_nobody_knows_is_said_on_the_page(string field, string value, int status)
    {
        using var answer = await _provider.Http.GetAsync(Provider.Authorize((field, value)));

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("id=\"refusal\"");
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    public async Task A_page_that_asks_wrongly_is_told_so_at_its_address(string field, string? value, string error)
    {
        var back = await _provider.SentBackAsync(Provider.Authorize((field, value), ("persona", "operator")));

        back["error"].ShouldBe(error);
        back["state"].ShouldBe("s 1&2");
        back.ShouldNotContainKey("code");
    }

    [Fact]
    public async Task A_token_of_the_key_before_is_believed_until_the_next_roll()
    {
        var first = await _provider.AccessTokenAsync();
        _provider.Keys.Roll();
        var second = await _provider.AccessTokenAsync();
        (await _provider.VerifiedAsync(first)).ShouldNotBeNull();

        _provider.Keys.Roll();

        (await _provider.VerifiedAsync(first)).ShouldBeNull();
        (await _provider.VerifiedAsync(second)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_outlive_a_restart_for_their_owner_alone()
    {
        var token = await _provider.AccessTokenAsync();
        await using var again = await Provider.StartAsync(_folder);

        (await again.VerifiedAsync(token)).ShouldNotBeNull();

        Directory.GetFiles(_folder).ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Said((int Status, JsonObject Answer) answer) => $"{answer.Status} {answer.Answer["error"]}";
}
