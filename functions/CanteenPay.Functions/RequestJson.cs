using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CanteenPay.Functions.Identity;

namespace CanteenPay.Functions;

/// <summary>Reads what callers of the endpoints send, so that whatever is wrong with it is answered in words.</summary>
internal static class RequestJson
{
    private const int MaxBytes = BodyLimit.JsonBytes;

    /// <summary>The answer to a body that is too large.</summary>
    public static IResult TooLarge { get; } = Results.Problem($"The body is larger than {MaxBytes / 1024} KB.", statusCode: StatusCodes.Status413PayloadTooLarge);

    /// <summary>The body, or the answer that says what is wrong with it.</summary>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (await RequestBytes.ReadAsync(request, MaxBytes, cancellationToken) is not { } bytes)
            return (null, TooLarge);
        try
        {
            return JsonSerializer.Deserialize(bytes, type) is { } body
                ? (body, null)
                : (null, Refusal("it is null"));
        }
        catch (JsonException e)
        {
            return (null, Refusal(e.Message));
        }
    }

    private static IResult Refusal(string why) =>
        Results.Problem($"The body is not the JSON that is expected here: {why}", statusCode: StatusCodes.Status400BadRequest);
}

/// <summary>Reads bodies with a limit, whatever the caller says of their length.</summary>
internal static class RequestBytes
{
    /// <summary>The body; null when it is larger than the limit.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            return null;
        var result = await request.BodyReader.ReadAtLeastAsync(limit + 1, cancellationToken);
        var body = result.Buffer.Length > limit ? null : System.Buffers.BuffersExtensions.ToArray(result.Buffer);
        request.BodyReader.AdvanceTo(result.Buffer.End);
        return body;
    }
}
