using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.BankSimulator.Chaos;
using CanteenPay.BankSimulator.Gateway;
using Fields = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary>The addresses that a platform registers merchants by. An answer is 200 whatever it says, as with the gateway.</summary>
internal static class RegistrationEndpoints
{
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);

    public static void AddRegistrations(this IServiceCollection services)
    {
        services.AddSingleton<RegistrationFolder>();
        services.AddSingleton<RegistrationBook>();
        services.AddSingleton<RegistrationServices>();
        services.AddSingleton<SeenSequences>();
    }

    public static void MapRegistrations(this IEndpointRouteBuilder endpoints)
    {
        // Made at the start, because merchants that an earlier bank approved take payments at once.
        _ = endpoints.ServiceProvider.GetRequiredService<RegistrationBook>();
        var services = endpoints.ServiceProvider.GetRequiredService<RegistrationServices>();
        var register = endpoints.MapGroup("/register");
        Map(register, "mchntAdd", services.Add);
        Map(register, "mchntUpd", services.Update);
        Map(register, "chnlAdd", services.AddChannel);
        Map(register, "queryMchnt", services.Query);
        register.MapPicture();
    }

    /// <summary>Writes an answer, signed for the platform's request.</summary>
    public static Task AnswerAsync(this HttpContext context, RegistrationSettings platform, string txnSeq, JsonObject? body, RegistrationRefusal? refusal)
    {
        var (type, text) = refusal is null ? ("S", (body ?? []).ToJsonString(RegistrationJson.Readable.Options)) : ("E", "");
        return context.WriteAsync(new RegistrationAnswer(
            type, refusal?.Code ?? "0000", refusal?.Message ?? "成功", text, RegistrationSigning.Sign(platform.Key, txnSeq, type, text)));
    }

    /// <summary>Refuses somebody for whom there is no key to sign with.</summary>
    public static Task RefuseUnsignedAsync(this HttpContext context, string code, string message) =>
        context.WriteAsync(new RegistrationAnswer("E", code, message, "", ""));

    private static void Map(RouteGroupBuilder register, string service, Func<Fields, (JsonObject? Body, RegistrationRefusal? Refusal)> serve)
    {
        var provider = ((IEndpointRouteBuilder)register).ServiceProvider;
        var settings = provider.GetRequiredService<BankSettings>();
        var chaos = provider.GetRequiredService<ChaosBoard>();
        var seen = provider.GetRequiredService<SeenSequences>();
        var time = provider.GetRequiredService<TimeProvider>();

        register.MapPost($"/{service}.do", async context =>
        {
            if (chaos.RefusesAsDown())
            {
                context.Abort();
                return;
            }

            if (await ReadAsync(context) is not { } request)
                await context.RefuseUnsignedAsync("FORMAT_ERROR", "报文格式错误");
            else if (settings.Registration is not { } platform || request.PlatformId != platform.PlatformId)
                await context.RefuseUnsignedAsync("PLATFORM_NOT_EXIST", "平台不存在");
            else if (!RegistrationSigning.IsSigned(platform.Key, request))
                await context.RefuseUnsignedAsync("SIGN_ERROR", "签名错误");
            else if ((time.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(request.Timestamp)).Duration() > MaxClockSkew)
                await context.AnswerAsync(platform, request.TxnSeq, null, new RegistrationRefusal("TIMESTAMP_ERROR", "请求时间与银行时间相差超过5分钟"));
            else if (!seen.Take(request.TxnSeq, $"{service}|{request.Body}"))
                await context.AnswerAsync(platform, request.TxnSeq, null, new RegistrationRefusal("TXNSEQ_REPEAT", "流水号重复且内容不同"));
            else
                await ServeAsync(context, platform, request, serve);
        });
    }

    private static Task ServeAsync(
        HttpContext context, RegistrationSettings platform, RegistrationRequest request, Func<Fields, (JsonObject? Body, RegistrationRefusal? Refusal)> serve)
    {
        var (body, refusal) = Parse(request.Body) is { } fields ? serve(fields) : (null, new RegistrationRefusal("PARAM_ERROR", "body 格式错误"));
        return context.AnswerAsync(platform, request.TxnSeq, body, refusal);
    }

    private static async Task<RegistrationRequest?> ReadAsync(HttpContext context)
    {
        try
        {
            return await RequestBody.ReadAsync(context.Request) is { } bytes ? JsonSerializer.Deserialize(bytes, RegistrationJson.Readable.RegistrationRequest) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Fields? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject json ? RegistrationServices.FieldsOf(json) : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // An ArgumentException is a name that stands there twice, which a JsonObject notices only when it is looked at.
            return null;
        }
    }

    private static Task WriteAsync(this HttpContext context, RegistrationAnswer answer) =>
        context.Response.WriteAsJsonAsync(answer, RegistrationJson.Readable.RegistrationAnswer, contentType: null, context.RequestAborted);
}
