using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.LocalCloud.Faults;

/// <summary>Does what a request asks for and lets no byte of the answer reach the caller.</summary>
internal static class LostAnswer
{
    internal static async Task OfAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(body);
        }

        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
        }
    }
}
