using System.Net;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Identity;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>Keys come and go.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private Door _door = null!;

    public async Task InitializeAsync() => _door = await Door.OpenAsync();

    public async Task DisposeAsync() => await _door.DisposeAsync();

    [Fact]
    public async Task After_a_roll_over_the_new_key_is_fetched_and_the_old_one_is_believed_no_more()
    {
        (await _door.GetAsync("/api/me", Door.Token(Role.Operator))).Status.ShouldBe(HttpStatusCode.OK);
        _door.Directory.Keys.Clear();
        _door.Directory.Keys.Enqueue(TestDirectory.SecondKey);

        await Eventually.ShouldAsync(async () =>
            (await _door.GetAsync("/api/me", TestTokens.Sign(Good(), TestDirectory.SecondKey))).Status.ShouldBe(HttpStatusCode.OK));

        (await _door.GetAsync("/api/me", Door.Token(Role.Operator))).ShouldBeRefused(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Keys_that_nobody_knows_do_not_make_us_ask_the_directory_without_end()
    {
        (await _door.GetAsync("/api/me", Door.Token(Role.Operator))).Status.ShouldBe(HttpStatusCode.OK);
        var asked = _door.Directory.TimesAsked;

        for (var forged = 0; forged < 50; forged++)
        {
            var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = $"forged-{forged}" };
            (await _door.GetAsync("/api/me", TestTokens.Sign(header, Good(), TestDirectory.SecondKey.Sign))).ShouldBeRefused(HttpStatusCode.Unauthorized);
        }

        (_door.Directory.TimesAsked - asked).ShouldBeLessThanOrEqualTo(3);
        // The library waits by the machine's clock, and a test is over too soon to see it.
        var options = _door.App.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        var manager = options.ConfigurationManager.ShouldBeOfType<ConfigurationManager<OpenIdConnectConfiguration>>();
        (manager.RefreshInterval, manager.AutomaticRefreshInterval).ShouldBe((TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)));
        options.Backchannel.Timeout.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_directory_that_is_away_from_the_start_is_not_hammered_by_forged_tokens()
    {
        _door.Directory.IsAway = true;
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = "forged" };
        var forged = TestTokens.Sign(header, Good(), TestDirectory.SecondKey.Sign);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _door.GetAsync("/api/me", forged)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        _door.Directory.TimesCalled.ShouldBeInRange(1, 3);
        (await _door.GetAsync("/api/me", "no token at all")).ShouldBeRefused(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task When_the_directory_does_not_answer_it_is_said_that_it_does_not()
    {
        _door.Directory.IsAway = true;
        (await _door.GetAsync("/api/me", Door.Token(Role.Operator))).ShouldBeRefused(HttpStatusCode.ServiceUnavailable);

        _door.Directory.IsAway = false;
        _door.Clock.MoveTo(World.Noon + DirectoryKeys.Pause);
        await Eventually.ShouldAsync(async () => (await _door.GetAsync("/api/me", Door.Token(Role.Operator))).Status.ShouldBe(HttpStatusCode.OK));
    }

    private static JsonObject Good() => TestTokens.Claims(Door.Person, World.Noon, Role.Operator);
}
