using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.BareWeb;

// The least that a handler of the Functions host can be: JSON in, JSON out, nothing between.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJson.Default));
await using var app = builder.Build();
app.MapPost("/invoke", static (Invocation invocation) => new Answer([], [], invocation.Metadata.ValueKind.ToString()));
app.MapGet("/", static () => "live");
await app.RunAsync();

namespace CanteenPay.BareWeb
{
    internal sealed record Invocation(JsonElement Data, JsonElement Metadata);

    internal sealed record Answer(Dictionary<string, string> Outputs, string[] Logs, string? ReturnValue);

    [JsonSerializable(typeof(Invocation))]
    [JsonSerializable(typeof(Answer))]
    internal sealed partial class BareJson : JsonSerializerContext;
}
