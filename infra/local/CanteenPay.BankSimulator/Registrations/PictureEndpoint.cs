using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CanteenPay.BankSimulator.Chaos;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary><c>POST /register/picture.do?platformId=&amp;txnSeq=&amp;outMchntId=&amp;kind=&amp;sign=</c>: a picture as it is, signed with its hash.</summary>
internal static class PictureEndpoint
{
    private const int MaxBytes = 8 * 1024 * 1024;

    private static readonly FrozenSet<string> Kinds = FrozenSet.Create(StringComparer.Ordinal, "licence", "id-front", "id-back", "bank-card");

    public static void MapPicture(this RouteGroupBuilder register)
    {
        var provider = ((IEndpointRouteBuilder)register).ServiceProvider;
        var settings = provider.GetRequiredService<BankSettings>();
        var chaos = provider.GetRequiredService<ChaosBoard>();
        var book = provider.GetRequiredService<RegistrationBook>();

        register.MapPost("/picture.do", async context =>
        {
            if (chaos.RefusesAsDown())
            {
                context.Abort();
                return;
            }

            var query = context.Request.Query;
            var (txnSeq, outMchntId, kind) = (query["txnSeq"].ToString(), query["outMchntId"].ToString(), query["kind"].ToString());
            if (settings.Registration is not { } platform || query["platformId"] != platform.PlatformId)
                await context.RefuseUnsignedAsync("PLATFORM_NOT_EXIST", "平台不存在");
            else if (await ReadAsync(context) is not { } picture)
                await context.RefuseUnsignedAsync("FORMAT_ERROR", "图片过大");
            else if (!RegistrationSigning.IsSame(Sign(platform, txnSeq, outMchntId, kind, picture), query["sign"].ToString()))
                await context.RefuseUnsignedAsync("SIGN_ERROR", "签名错误");
            else
                await KeepAsync(context, book, platform, txnSeq, outMchntId, kind, picture);
        });
    }

    private static Task KeepAsync(
        HttpContext context, RegistrationBook book, RegistrationSettings platform, string txnSeq, string outMchntId, string kind, byte[] picture)
    {
        var refusal = !Kinds.Contains(kind) ? new RegistrationRefusal("PARAM_ERROR", "kind 错误")
            : TypeOf(picture) is not { } type ? new RegistrationRefusal("PARAM_ERROR", "只支持 JPEG 和 PNG 图片")
            : book.Keep(outMchntId, kind, type, picture);
        return context.AnswerAsync(platform, txnSeq, new JsonObject { ["kind"] = kind }, refusal);
    }

    private static string Sign(RegistrationSettings platform, string txnSeq, string outMchntId, string kind, byte[] picture) =>
        RegistrationSigning.Sign(platform.Key, platform.PlatformId, txnSeq, outMchntId, kind, Convert.ToHexStringLower(SHA256.HashData(picture)));

    private static string? TypeOf(ReadOnlySpan<byte> picture) =>
        picture.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : picture.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : null;

    /// <summary>The picture; null when it is too long.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxBytes + 1;
        if (context.Request.ContentLength > MaxBytes)
            return null;
        using var picture = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var length)
        {
            if (picture.Length + length > MaxBytes)
                return null;
            picture.Write(buffer, 0, length);
        }

        return picture.ToArray();
    }
}
