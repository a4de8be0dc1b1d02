using CanteenPay.Functions.Homes;
using Azure;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.Functions.Identity;

/// <summary>What every answer has in common: headers that keep browsers from guessing, and words for whatever goes wrong.</summary>
internal static class Answers
{
    /// <summary>Puts headers on all that strangers can reach, and turns what was thrown or left empty into problem details.</summary>
    public static void UseAnswers(this WebApplication app)
    {
        var isDevelopment = app.Environment.IsDevelopment();
        app.Use((http, next) =>
        {
            if (FrontDoorAddress.IsOutside(http.Request.Path))
                http.Response.OnStarting(() => Headers(http.Response.Headers, isDevelopment));
            return next(http);
        });
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => WordsFor(http.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error).ExecuteAsync(http),
            StatusCodeSelector = _ => StatusCodes.Status500InternalServerError,
        });
        app.UseWhen(static http => FrontDoorAddress.IsOutside(http.Request.Path), api => api.UseStatusCodePages(context => Empty(context.HttpContext).ExecuteAsync(context.HttpContext)));
    }

    /// <summary>The status with which something that was thrown is answered.</summary>
    public static int StatusOf(Exception error) => WordsFor(error) is IStatusCodeHttpResult { StatusCode: { } status } ? status : StatusCodes.Status500InternalServerError;

    private static Task Headers(IHeaderDictionary headers, bool isDevelopment)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";
        // The host hands requests on without TLS, so whether the caller came by it cannot be seen here; outside Development nobody comes without.
        if (!isDevelopment)
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        return Task.CompletedTask;
    }

    private static IResult WordsFor(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            Results.Problem("The body is larger than this address takes.", statusCode: StatusCodes.Status413PayloadTooLarge),
        BadHttpRequestException bad => Results.Problem("The request cannot be read.", statusCode: bad.StatusCode),
        RequestFailedException failed when IsAway(failed) => StorageIsAway(),
        AggregateException { InnerException: RequestFailedException failed } when IsAway(failed) => StorageIsAway(),
        HomeException => Results.Problem("This merchant's books are closed, because they are being moved: nothing was done. Ask again in a while.", statusCode: StatusCodes.Status503ServiceUnavailable),
        _ => Results.Problem("This is our mistake, and it was noted.", statusCode: StatusCodes.Status500InternalServerError),
    };

    private static IResult StorageIsAway() => Results.Problem(
            "Storage does not answer. Whether anything was done is not known: ask again, with the same key.", statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <summary>No answer, too slow, too much, its own trouble. Anything else is an answer to what we should not have asked.</summary>
    private static bool IsAway(RequestFailedException failed) =>
        failed.Status is 0 or StatusCodes.Status408RequestTimeout or StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError;

    private static IResult Empty(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Results.Problem("There is nothing at this address.", statusCode: StatusCodes.Status404NotFound),
        StatusCodes.Status405MethodNotAllowed => Results.Problem("This address does not take that method.", statusCode: StatusCodes.Status405MethodNotAllowed),
        var status => Results.Problem(statusCode: status),
    };
}
