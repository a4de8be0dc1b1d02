using System.Net;
using System.Text.Json;

namespace CanteenPay.LocalCloud.Host.Invocations;

/// <summary>How the host takes a handler's answer.</summary>
internal abstract record HandlerAnswer
{
    private HandlerAnswer()
    {
    }

    /// <summary>200 with <c>application/json</c> and an object.</summary>
    public sealed record Success(IReadOnlyList<string> Logs) : HandlerAnswer;

    public sealed record Failure(string Reason) : HandlerAnswer;

    /// <summary>204, an empty body or <c>null</c>: the host reads no result from it and waits on.</summary>
    public sealed record Never(string Reason) : HandlerAnswer;

    public static HandlerAnswer Judge(HttpStatusCode status, string? mediaType, ReadOnlyMemory<byte> body)
    {
        if ((int)status is < 200 or > 299)
            return new Failure($"The handler answered {(int)status}.");
        if (body.Length == 0)
            return new Never($"The handler answered {(int)status} without a body");
        if (!string.Equals(mediaType, "application/json", StringComparison.OrdinalIgnoreCase))
            return new Failure($"The handler answered with content type '{mediaType ?? "(none)"}', not application/json.");
        if (body.Span.Trim(" \t\r\n"u8).Length == 0)
            return new Never("The handler answered with white space only");
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind switch
            {
                JsonValueKind.Null => new Never("The handler answered null"),
                JsonValueKind.Object => Read(json.RootElement),
                var kind => new Failure($"The handler answered with a JSON {kind}, not an object."),
            };
        }
        catch (JsonException e)
        {
            return new Failure($"The handler's answer is not JSON: {e.Message}");
        }
    }

    private static HandlerAnswer Read(JsonElement answer)
    {
        List<string> logs = [];
        foreach (var member in answer.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (member.Name.Equals("Outputs", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind != JsonValueKind.Object)
                return new Failure("The answer's Outputs is not an object.");
            if (!member.Name.Equals("Logs", StringComparison.OrdinalIgnoreCase))
                continue;
            if (member.Value.ValueKind != JsonValueKind.Array)
                return new Failure("The answer's Logs is not an array.");
            logs.AddRange(member.Value.EnumerateArray().Select(static l => l.ToString()));
        }
        return new Success(logs);
    }
}
