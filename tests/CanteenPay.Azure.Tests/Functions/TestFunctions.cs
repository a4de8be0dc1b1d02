using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Messaging;
using CanteenPay.Azure.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CanteenPay.Azure.Tests.Functions;

/// <summary>What the functions of the tests saw.</summary>
public sealed class Calls
{
    public ConcurrentQueue<(object Payload, FunctionContext? Context)> Seen { get; } = new();

    public Task SawAsync(object payload, FunctionContext? context = null)
    {
        Seen.Enqueue((payload, context));
        return Task.CompletedTask;
    }
}

public sealed record Job(int Id);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Job))]
internal sealed partial class TestJson : JsonSerializerContext;

/// <summary>Functions with the names and bindings of the recorded requests.</summary>
public sealed class RecordedFunctions(Calls calls)
{
    [Function("TimerFn")]
    public Task TimerAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer) => calls.SawAsync(timer);

    [Function("TimerFnNoMon")]
    public Task TimerWithoutMonitorAsync([TimerTrigger("*/5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.CompletedTask : calls.SawAsync(timer);

    [Function("SbJson")]
    public Task JsonAsync([ServiceBusTrigger("json")] Job msg, FunctionContext context, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.CompletedTask : calls.SawAsync(msg, context);

    [Function("SbText")]
    public Task TextAsync([ServiceBusTrigger("text")] BinaryData msg, FunctionContext context) => calls.SawAsync(msg, context);

    [Function("SbEmpty")]
    public Task EmptyAsync([ServiceBusTrigger("empty")] BinaryData msg) => calls.SawAsync(msg);

    [Function("SbBinary")]
    public Task BinaryAsync([ServiceBusTrigger("binary")] Job msg, FunctionContext context) => calls.SawAsync(msg, context);

    [Function("SbEvent")]
    public Task EventAsync([ServiceBusTrigger("events")] CloudEvent msg) => calls.SawAsync(msg);

    [Function("SbFails")]
    public static Task FailsAsync([ServiceBusTrigger("fails")] Job msg) => throw new InvalidOperationException($"secret {msg.Id}");

    [Function("Jobs")]
    public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "api/{*path}")] RouteGroupBuilder api)
    {
        api.MapPost("/jobs/{id:int}", async (int id, HttpRequest request, Calls calls) =>
        {
            using StreamReader reader = new(request.Body);
            var body = await reader.ReadToEndAsync();
            await calls.SawAsync((id, body));
            return Results.Text("taken");
        });
    }
}

public static class StaticFunctions
{
    public static ConcurrentQueue<object> Seen { get; } = new();

    [Function("StaticTimer")]
    public static Task RunAsync([TimerTrigger("0 0 0 * * *")] TimerInfo timer, FunctionContext context, CancellationToken cancellationToken)
    {
        Seen.Enqueue((timer, context, cancellationToken));
        return Task.CompletedTask;
    }
}
