using CanteenPay.Functions.Merchants.Documents.Images;
using Microsoft.Net.Http.Headers;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>Takes a picture in: the body of a <c>PUT</c>, whole, or the answer that says why not.</summary>
internal sealed class DocumentUpload(TimeProvider clock)
{
    /// <summary>8 MB at 140 KB/s. Whoever sends more slowly would keep a place from the others.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(60);

    /// <summary>The picture without anything that is not needed to see it, or the refusal.</summary>
    public async Task<(ImageVerdict.Accepted? Picture, IResult? Refusal)> TakeAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        if (WrongType(http.ContentType) is { } wrong)
            return (null, Results.Problem(wrong, statusCode: StatusCodes.Status415UnsupportedMediaType));
        var (bytes, refusal) = await ReadAsync(http, cancellationToken);
        if (bytes is null)
            return (null, refusal);
        return ImageInspector.Inspect(bytes) switch
        {
            ImageVerdict.Accepted picture => (picture, null),
            ImageVerdict.Refused refused => (null, Results.ValidationProblem(
                new Dictionary<string, string[]> { ["picture"] = [refused.Why] }, statusCode: StatusCodes.Status422UnprocessableEntity)),
            var other => throw new InvalidOperationException($"A verdict of no kind: {other}."),
        };
    }

    /// <summary>What is wrong with a content type. Which of the two it names does not matter: phones name files as they like, and the content decides.</summary>
    private static string? WrongType(string? contentType)
    {
        var type = MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType.ToString().ToLowerInvariant() : "";
        return type switch
        {
            "image/jpeg" or "image/jpg" or "image/png" => null,
            "multipart/form-data" => "A paper is sent as the body itself, with Content-Type: image/jpeg or image/png, not as a form.",
            _ => $"A paper is sent with Content-Type: image/jpeg or image/png, not '{type}'.",
        };
    }

    private async Task<(byte[]? Bytes, IResult? Refusal)> ReadAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LongestReading, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await RequestBytes.ReadAsync(http, ImageInspector.MostBytes, either.Token) is { } bytes
                ? (bytes, null)
                : (null, Results.Problem($"The picture is larger than {ImageInspector.MostBytes / 1024 / 1024} MB.", statusCode: StatusCodes.Status413PayloadTooLarge));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, Results.Problem(
                $"The picture did not arrive within {LongestReading.TotalSeconds:0} seconds.", statusCode: StatusCodes.Status408RequestTimeout));
        }
        catch (BadHttpRequestException e)
        {
            return (null, Results.Problem("The picture did not arrive whole.", statusCode: e.StatusCode));
        }
        catch (IOException)
        {
            // The connection broke: nobody reads this.
            return (null, Results.Problem("The picture did not arrive whole.", statusCode: StatusCodes.Status400BadRequest));
        }
    }
}
