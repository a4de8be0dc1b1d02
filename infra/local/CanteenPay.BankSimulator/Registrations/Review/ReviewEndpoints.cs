using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CanteenPay.BankSimulator.Control;

namespace CanteenPay.BankSimulator.Registrations.Review;

/// <summary>The reviewer's desk: pages for people, the same by JSON for tests and scripts.</summary>
internal static class ReviewEndpoints
{
    private const string Security = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'";
    private const int MaxReasons = 20;
    private const int MaxText = 200;

    public static void MapReview(this IEndpointRouteBuilder endpoints)
    {
        var book = endpoints.ServiceProvider.GetRequiredService<RegistrationBook>();

        endpoints.MapGet("/review", context => WriteAsync(context, ReviewPage.List(book.All())));

        endpoints.MapGet("/review/{outMchntId}", context => book.Find(Number(context)) is { } known
            ? WriteAsync(context, ReviewPage.Show(known))
            : NotFound(context));

        endpoints.MapGet("/review/{outMchntId}/picture/{kind}", async context =>
        {
            if (book.Picture(Number(context), (string)context.Request.RouteValues["kind"]!) is not { } picture)
            {
                await NotFound(context);
                return;
            }

            context.Response.ContentType = picture.Type;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await context.Response.Body.WriteAsync(picture.Bytes, context.RequestAborted);
        });

        Map(endpoints, "approve", context => Task.FromResult<Func<Registration, Registration>?>(r =>
            r with { State = RegistrationState.Approved, MchntId = book.DrawMchntId(), Reasons = [] }));

        Map(endpoints, "return", async context => await ReasonsAsync(context) is { Count: > 0 } reasons
            ? r => r with { State = RegistrationState.Returned, Reasons = [.. reasons] }
            : null);

        Map(endpoints, "refuse", async context => await ReasonAsync(context) is { Length: > 0 and <= MaxText } reason
            ? r => r with { State = RegistrationState.Refused, Reasons = [new ReviewReason("", reason)] }
            : null);
    }

    /// <summary>One decision: only about what is complete and waits for one.</summary>
    private static void Map(IEndpointRouteBuilder endpoints, string decision, Func<HttpContext, Task<Func<Registration, Registration>?>> read)
    {
        var book = endpoints.ServiceProvider.GetRequiredService<RegistrationBook>();
        endpoints.MapPost($"/review/{{outMchntId}}/{decision}", async context =>
        {
            // A page from elsewhere must not decide through somebody's browser.
            var origin = context.Request.Headers.Origin.ToString();
            if (origin != "" && origin != $"{context.Request.Scheme}://{context.Request.Host}")
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, "来源不明 The page is not the bank's.");
                return;
            }

            if (await read(context) is not { } decide)
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, "请写明原因 Say why.");
                return;
            }

            var (after, refusal) = book.Change(Number(context), known => known switch
            {
                null => (null, RegistrationServices.Unknown),
                { State: RegistrationState.Reviewing } => (decide(known), null),
                _ => (null, new RegistrationRefusal("MCHNT_STATE_ERROR", $"商户状态为 {RegistrationServices.NameOf(known.State)}，不在审核中")),
            });
            if (refusal is not null)
                await RefuseAsync(context, after is null ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict, refusal.Message);
            else if (context.Request.HasFormContentType)
                context.Response.Redirect($"/review/{after!.OutMchntId}");
            else
                await context.Response.WriteAsJsonAsync(after!, RegistrationJson.Readable.Registration, contentType: null, context.RequestAborted);
        });
    }

    private static async Task<IReadOnlyList<ReviewReason>?> ReasonsAsync(HttpContext context)
    {
        IReadOnlyList<ReviewReason>? reasons;
        if (context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            reasons = [.. ReviewPage.Fields.Select(f => new ReviewReason(f.Name, form[f.Name].ToString().Trim())).Where(r => r.Text != "")];
        }
        else
        {
            reasons = (await JsonAsync(context, RegistrationJson.Readable.ReturnCommand))?.Reasons;
        }

        return reasons is { Count: <= MaxReasons } && reasons.All(r => r.Text.Length is > 0 and <= MaxText && r.Field.Length is > 0 and <= MaxText) ? reasons : null;
    }

    private static async Task<string?> ReasonAsync(HttpContext context) => context.Request.HasFormContentType
        ? (await context.Request.ReadFormAsync(context.RequestAborted))["reason"].ToString().Trim()
        : (await JsonAsync(context, RegistrationJson.Readable.RefuseCommand))?.Reason;

    private static async Task<T?> JsonAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await context.Request.ReadFromJsonAsync(type, context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Number(HttpContext context) => (string)context.Request.RouteValues["outMchntId"]!;

    private static Task NotFound(HttpContext context) => RefuseAsync(context, StatusCodes.Status404NotFound, RegistrationServices.Unknown.Message);

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.WriteAsync(new CommandResult(why), ControlJson.Readable.CommandResult);
    }

    private static Task WriteAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = Security;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }
}
