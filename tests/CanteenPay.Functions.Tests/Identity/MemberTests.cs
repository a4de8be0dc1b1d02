using System.Net;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Operations;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>Operators say whose people are.</summary>
public sealed class MemberTests : IAsyncLifetime
{
    private const string Path = $"/api/members/{Door.Person}";
    private const string Body = """{"name":"钱经销","distributors":["DSTR1BTR"],"merchants":["DEVMERCH"],"active":true,"version":0}""";

    private static readonly string Operator = TestTokens.Of(TestTokens.Operator, World.Noon, Role.Operator);

    private Door _door = null!;

    public async Task InitializeAsync() => _door = await Door.OpenAsync();

    public async Task DisposeAsync() => await _door.DisposeAsync();

    [Fact]
    public async Task A_person_acts_for_those_that_an_operator_named()
    {
        var made = await PutAsync(Body);

        made.Status.ShouldBe(HttpStatusCode.OK);
        made.Json["version"]!.GetValue<long>().ShouldBe(1);
        var me = await _door.GetAsync("/api/me", Door.Token(Role.Distributor));
        me.Json["distributors"]!.ToJsonString().ShouldBe("""["DSTR1BTR"]""");
        me.Json["merchants"]!.ToJsonString().ShouldBe("""["DEVMERCH"]""");
        (await _door.GetAsync(Path, Operator)).Text.ShouldBe(made.Text);
        (await _door.GetAsync("/api/members", Operator)).Json.AsArray().ShouldHaveSingleItem()!["name"]!.GetValue<string>().ShouldBe("钱经销");
    }

    [Fact]
    public async Task An_object_id_is_the_same_person_in_any_case_of_letters()
    {
        await PutAsync(Body);

        (await _door.GetAsync($"/api/members/{Door.Person.ToUpperInvariant()}", Operator)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Somebody_who_is_blocked_is_refused_whatever_their_roles()
    {
        (await PutAsync(Body.Replace("true", "false", StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.OK);

        (await _door.GetAsync("/api/me", Door.Token(Role.Operator, Role.Finance, Role.Distributor))).ShouldBeRefused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Somebody_who_was_in_already_is_out_a_minute_after_being_blocked()
    {
        using var world = new World();
        await using var app = await TestApp.StartAsync(world);
        var members = world.Tables.GetTableClient("Members");
        var member = new Member(TestTokens.Operator, "周运营", Scope.None, IsActive: true, 1);
        await members.AddEntityAsync(member);
        using var http = app.GetTestClient();
        (await http.GetAsync("/api/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await members.UpsertEntityAsync(member with { IsActive = false }, TableUpdateMode.Replace);
        world.Clock.MoveTo(world.Clock.GetUtcNow() + RegistryCache.Freshness);

        (await http.GetAsync("/api/me")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Of_two_operators_who_change_a_person_at_once_one_is_told_to_read_again()
    {
        await PutAsync(Body);

        (await PutAsync(Body.Replace("DEVMERCH", "0THERMER", StringComparison.Ordinal))).ShouldBeRefused(HttpStatusCode.Conflict);
        (await PutAsync(Body.Replace("\"version\":0", "\"version\":7", StringComparison.Ordinal))).ShouldBeRefused(HttpStatusCode.Conflict);
        (await PutAsync(Body)).Json["version"]!.GetValue<long>().ShouldBe(1, "the same change again, because its answer was lost");
        (await PutAsync(Body.Replace("\"version\":0", "\"version\":1", StringComparison.Ordinal))).Json["version"]!.GetValue<long>().ShouldBe(2);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Nobody_says_anything_of_themselves(string active)
    {
        var body = Body.Replace("true", active, StringComparison.Ordinal);
        foreach (var self in (string[])[TestTokens.Operator, TestTokens.Operator.ToUpperInvariant()])
            (await _door.SendJsonAsync(HttpMethod.Put, $"/api/members/{self}", Operator, body)).ShouldBeRefused(HttpStatusCode.Forbidden);

        (await _door.GetAsync($"/api/members/{TestTokens.Operator}", Operator)).ShouldBeRefused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_was_blocked_a_moment_ago_unblocks_and_blocks_nobody_although_the_gate_still_lets_them_in()
    {
        (await _door.GetAsync("/api/me", Operator)).Status.ShouldBe(HttpStatusCode.OK);
        var members = _door.Tables.GetTableClient("Members");
        var blocked = new Member(TestTokens.Operator, "周运营", Scope.None, IsActive: true, 1);
        await members.AddEntityAsync(blocked);
        await members.UpsertEntityAsync(blocked with { IsActive = false, Number = 2 }, TableUpdateMode.Replace);

        (await PutAsync(Body)).ShouldBeRefused(HttpStatusCode.Forbidden);
        (await _door.SendJsonAsync(HttpMethod.Put, $"/api/members/{TestTokens.Operator}", Operator, Body.Replace("\"version\":0", "\"version\":2", StringComparison.Ordinal)))
            .ShouldBeRefused(HttpStatusCode.Forbidden);

        (await members.GetEntityAsync<Member>(TestTokens.Operator, Member.ProfileRow)).IsActive.ShouldBeFalse();
    }

    [Fact]
    public async Task Somebody_without_a_row_is_looked_up_once_in_a_while_and_seen_at_once_where_their_row_is_made()
    {
        var read = 0;
        _door.Tables.BeforeOperation = operation =>
        {
            read += operation.StartsWith("Members.Get", StringComparison.Ordinal) ? 1 : 0;
            return Task.CompletedTask;
        };
        for (var asked = 0; asked < 5; asked++)
            (await _door.GetAsync("/api/me", Door.Token(Role.Distributor))).Json["distributors"]!.AsArray().ShouldBeEmpty();
        read.ShouldBe(1);

        await PutAsync(Body);

        (await _door.GetAsync("/api/me", Door.Token(Role.Distributor))).Json["distributors"]!.ToJsonString().ShouldBe("""["DSTR1BTR"]""");
    }

    [Fact]
    public async Task What_is_wrong_is_said_field_by_field()
    {
        foreach (var (field, body) in (IEnumerable<(string, string)>)
        [
            ("name", """{"name":"","distributors":[],"merchants":[],"active":true,"version":0}"""),
            ("name", """{"name":"王\n芳","distributors":[],"merchants":[],"active":true,"version":0}"""),
            ("distributors", """{"name":"王芳","distributors":["none"],"merchants":[],"active":true,"version":0}"""),
            ("merchants", """{"name":"王芳","distributors":[],"merchants":["DEVMERCH",null],"active":true,"version":0}"""),
            ("version", """{"name":"王芳","distributors":[],"merchants":[],"active":true,"version":-1}"""),
        ])
        {
            (await PutAsync(body)).ShouldBeRefused(HttpStatusCode.UnprocessableEntity).Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
        }
    }

    private Task<Answer> PutAsync(string body) => _door.SendJsonAsync(HttpMethod.Put, Path, Operator, body);
}
