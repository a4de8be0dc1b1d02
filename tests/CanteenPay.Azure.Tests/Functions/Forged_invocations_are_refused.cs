using System.Net.Http.Headers;
using System.Text.Json;
using CanteenPay.Azure.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Azure.Tests.Functions;

/// <summary>An outsider must not be able to post an invocation: not through the front door, and not by a spelling that routing would take for the function's path.</summary>
public sealed class Forged_invocations_are_refused
{
    private const string Forged = """{"Data":{"msg":{"id":666}},"Metadata":{}}""";

    public static TheoryData<string> OtherSpellings { get; } = new(
        "/sbjson", "/SBJSON", "//SbJson", "/SbJson/", "/./SbJson", "/SbJson?x=1", "/SbJson#x", "/%53bJson", "/SbJson%2F", "/%2FSbJson", "/SbJson%20", "/x/../SbJson",
        "/api/../SbJson", "/api/%2e%2e/SbJson", "/api/..%2FSbJson", "/api/%2e%2e%2fSbJson", "/api%2F..%2FSbJson", "/api//SbJson", "/api/SbJson", "/api/..\\SbJson",
        "/api/..%5CSbJson", "/api/;/../SbJson", "http://127.0.0.1/SbJson", "/Jobs", "/jobs", "/Jobs/jobs/1");

    [Fact]
    public async Task The_hosts_own_invocation_is_taken()
    {
        await using var handler = await HandlerServer.StartAsync(typeof(RecordedFunctions));
        (await handler.InvokeAsync("/SbJson", Forged)).Status.ShouldBe(200);
        handler.Calls.Seen.ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(OtherSpellings))]
    public async Task Only_the_exact_path_is_an_invocation(string target)
    {
        await using var handler = await HandlerServer.StartAsync(typeof(RecordedFunctions));
        (await handler.InvokeAsync(target, Forged)).Status.ShouldBeOneOf(400, 404);
        handler.Calls.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("post")]
    public async Task Only_POST_is_an_invocation(string method)
    {
        await using var handler = await HandlerServer.StartAsync(typeof(RecordedFunctions));
        (await handler.InvokeAsync("/SbJson", Forged, method)).Status.ShouldBe(404);
        handler.Calls.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("X-Forwarded-For: 1.2.3.4")]
    [InlineData("x-arr-log-id: 1")]
    [InlineData("X-Original-URL: /api")]
    [InlineData("Forwarded: for=1.2.3.4")]
    public async Task What_a_front_end_has_touched_is_no_invocation(string header)
    {
        await using var handler = await HandlerServer.StartAsync(typeof(RecordedFunctions));
        (await handler.InvokeAsync("/SbJson", Forged, "POST", header)).Status.ShouldBe(404);
        handler.Calls.Seen.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(OtherSpellings))]
    [InlineData("/SbJson")]
    public async Task Through_the_front_door_nothing_is_an_invocation(string target)
    {
        await using var handler = await HandlerServer.StartAsync(typeof(RecordedFunctions));
        await using var front = await FrontDoorAsync(handler);
        var request = HandlerServer.Chunked($"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n", System.Text.Encoding.UTF8.GetBytes(Forged));
        using System.Net.Sockets.TcpClient client = new();
        var address = new Uri(front.Urls.Single());
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(request);
        using StreamReader reader = new(stream);
        Answer.Read(await reader.ReadToEndAsync()).Status.ShouldBeOneOf(400, 404);
        handler.Calls.Seen.ShouldBeEmpty();
    }

    /// <summary>A host's front door: the routes of function.json and nothing else, the original URL passed on, and (the worst case) none of a front end's headers.</summary>
    private static async Task<WebApplication> FrontDoorAsync(HandlerServer handler)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var front = builder.Build();
        foreach (var function in FunctionIndex.Find([typeof(RecordedFunctions)]).Where(function => function.IsHttp))
        {
            using var json = JsonDocument.Parse(FunctionJsonFolder.Text(function));
            var route = json.RootElement.GetProperty("bindings")[0].GetProperty("route").GetString()!;
            front.Map($"/{route}", http => PassOnAsync(http, handler));
        }

        await front.StartAsync();
        return front;
    }

    private static async Task PassOnAsync(HttpContext http, HandlerServer handler)
    {
        using StreamReader reader = new(http.Request.Body);
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var answer = await handler.InvokeAsync(target, await reader.ReadToEndAsync(), http.Request.Method);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = new MediaTypeHeaderValue("text/plain").ToString();
        await http.Response.WriteAsync(answer.Body);
    }
}
