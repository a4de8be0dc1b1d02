using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Documents.Images;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>
/// The papers of an application: <c>PUT</c> (the picture itself as the body), <c>GET</c> and <c>DELETE /api/applications/{merchantId}/documents/{kind}</c>.
/// </summary>
internal static class DocumentEndpoints
{
    private const string Route = "/applications/{merchantId}/documents/{kind}";

    /// <summary>A picture that has arrived is kept, or not, whether or not its sender hung up.</summary>
    private static readonly TimeSpan LongestKeeping = TimeSpan.FromSeconds(60);

    public static void Map(RouteGroupBuilder api)
    {
        var own = Owner.Application("merchantId");
        api.MapPut(Route, KeepAsync).Allow(to: [Role.Operator], own: [Role.Distributor], of: own).TakesUpTo(ImageInspector.MostBytes).Tells();
        api.MapDelete(Route, RemoveAsync).Allow(to: [Role.Operator], own: [Role.Distributor], of: own).Tells();
        api.MapGet(Route, OpenAsync).Allow(to: [Role.Operator], own: [Role.Distributor], of: own);
    }

    private static RouteHandlerBuilder Tells(this RouteHandlerBuilder endpoint) =>
        endpoint.AuditsPlainly("kind", "contentType", "bytes", "width", "height", "sha256", "at", "by");

    private static async Task<IResult> KeepAsync(
        string merchantId, string kind, HttpContext http, IApplications applications, UploadGate gate, DocumentUpload upload, DocumentStore store,
        TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (Read(merchantId, kind, out var merchant, out var paper) is { } unknown)
            return unknown;
        if (!await applications.CanEditAsync(merchant, cancellationToken))
            return Closed(merchant);
        using var place = await gate.EnterAsync(http.Caller().ObjectId, cancellationToken);
        if (!place.IsAcquired)
            return Busy(http);
        var (picture, refusal) = await upload.TakeAsync(http.Request, cancellationToken);
        if (picture is null)
        {
            DocumentLog.Refused(Logger(loggers), paper.UrlName(), merchant.Value);
            return refusal!;
        }

        // It may have been handed in while the picture came.
        using var limit = new CancellationTokenSource(LongestKeeping, clock);
        if (!await applications.CanEditAsync(merchant, limit.Token))
            return Closed(merchant);
        if (await store.KeepAsync(merchant, paper, picture, http.Caller().ObjectId, limit.Token) is not { } stored)
        {
            return !await applications.CanEditAsync(merchant, limit.Token) ? Closed(merchant) : Results.Problem($"Others send the {paper.UrlName()} of {merchant} at this moment. Look at what is there.", statusCode: StatusCodes.Status409Conflict);
        }

        var (kept, before) = stored;
        http.Audit().Changed(before, kept);
        DocumentLog.Kept(Logger(loggers), paper.UrlName(), merchant.Value, kept.Bytes, kept.Width, kept.Height);
        return Results.Ok(kept);
    }

    private static async Task<IResult> RemoveAsync(
        string merchantId, string kind, HttpContext http, IApplications applications, DocumentStore store, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (Read(merchantId, kind, out var merchant, out var paper) is { } unknown)
            return unknown;
        if (!await applications.CanEditAsync(merchant, cancellationToken))
            return Closed(merchant);
        if (await store.RemoveAsync(merchant, paper, cancellationToken) is not { } removed)
            return await applications.CanEditAsync(merchant, cancellationToken) ? NoPaper(merchant, paper) : Closed(merchant);
        http.Audit().Changed(removed, after: null);
        DocumentLog.Removed(Logger(loggers), paper.UrlName(), merchant.Value);
        return Results.NoContent();
    }

    private static async Task<IResult> OpenAsync(
        string merchantId, string kind, HttpContext http, MerchantDocuments documents, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (Read(merchantId, kind, out var merchant, out var paper) is { } unknown)
            return unknown;
        try
        {
            if (await documents.OpenAsync(merchant, paper, cancellationToken) is not ({ } info, { } picture))
                return NoPaper(merchant, paper);
            DocumentLog.Opened(Logger(loggers), paper.UrlName(), merchant.Value, http.Caller().ObjectId);
            var headers = http.Response.Headers;
            headers.ContentDisposition = $"inline; filename=\"{info.FileName()}\"";
            headers.CacheControl = "no-store";
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            return Results.Bytes(picture, info.ContentType);
        }
        catch (SealException e)
        {
            DocumentLog.Unreadable(Logger(loggers), e, paper.UrlName(), merchant.Value);
            return Results.Problem(
                $"The {paper.UrlName()} of {merchant} is there but cannot be opened. Send it again.", statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static IResult? Read(string merchantId, string kind, out MerchantId merchant, out DocumentKind paper)
    {
        paper = default;
        if (!MerchantId.TryParse(merchantId, null, out merchant))
            return Results.Problem("That is not a merchant id.", statusCode: StatusCodes.Status404NotFound);
        return DocumentKindName.TryParse(kind, out paper)
            ? null
            : Results.Problem(
                $"There is no such paper. There are {string.Join(", ", DocumentKindName.All.Select(known => known.UrlName()))}.", statusCode: StatusCodes.Status404NotFound);
    }

    private static IResult Closed(MerchantId merchant) => Results.Problem(
        $"The papers of {merchant} cannot be changed: there is no application of it that is a draft or was returned.", statusCode: StatusCodes.Status409Conflict);

    private static IResult Busy(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Results.Problem("Too many pictures are being sent just now. Send it again in 5 seconds.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult NoPaper(MerchantId merchant, DocumentKind paper) =>
        Results.Problem($"Merchant {merchant} has no {paper.UrlName()}.", statusCode: StatusCodes.Status404NotFound);

    private static ILogger Logger(ILoggerFactory loggers) => loggers.CreateLogger(nameof(DocumentEndpoints));
}
