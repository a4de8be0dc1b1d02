using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CanteenPay.BankSimulator.Tests.Registrations;

/// <summary>A platform that registers merchants: signs and verifies by itself, with nothing of the bank's.</summary>
internal sealed class Platform(TestBank bank)
{
    public const string AgentNo = "7500000001";

    private const string Id = "CANTEENPAY";
    private const string Key = "5e0c2c9c6f7e4fd29a61c0fb3b5a7d11";

    private static int _sequence;

    public static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

    public string PlatformId { get; init; } = Id;

    public string SignedWith { get; init; } = Key;

    /// <summary>The fields of a merchant.</summary>
    public static JsonObject Merchant(string outMchntId) => new()
    {
        ["outMchntId"] = outMchntId,
        ["mchntName"] = "青松食堂",
        ["licId"] = "91110000600037341L",
        ["corpName"] = "张伟",
        ["idtCard"] = "11010519491231002X",
        ["contactName"] = "李娜",
        ["telephone"] = "13800005678",
        ["province"] = "北京市",
        ["city"] = "北京市",
        ["address"] = "朝阳区一号",
    };

    /// <summary>The fields of a channel that is settled to a card (<c>1</c>) or a corporate account (<c>2</c>).</summary>
    public static JsonObject Channel(string outMchntId, string apiCode, string acctType = "1") => new()
    {
        ["outMchntId"] = outMchntId,
        ["apiCode"] = apiCode,
        ["account"] = "6228480402564890018",
        ["acctName"] = "张伟",
        ["acctType"] = acctType,
    };

    /// <summary>A number for a request.</summary>
    public static string NextSequence() => $"T{Interlocked.Increment(ref _sequence):D8}";

    /// <summary>Asks, and gives the verified answer.</summary>
    public async Task<JsonObject> AskAsync(string service, JsonObject body, string? txnSeq = null, TimeSpan clockAhead = default)
    {
        txnSeq ??= NextSequence();
        var text = body.ToJsonString();
        var timestamp = (bank.Time.GetUtcNow() + clockAhead).ToUnixTimeMilliseconds();
        using var answer = await bank.Http.PostAsJsonAsync($"/register/{service}.do", new
        {
            platformId = PlatformId,
            txnSeq,
            timestamp,
            body = text,
            sign = Sign(SignedWith, $"{PlatformId}|{txnSeq}|{timestamp}|{text}"),
        });
        return await VerifiedAsync(answer, txnSeq);
    }

    /// <summary>Sends a picture, and gives the verified answer.</summary>
    public async Task<JsonObject> SendPictureAsync(string outMchntId, string kind, byte[] picture, byte[]? signed = null)
    {
        var txnSeq = NextSequence();
        var sign = Sign(SignedWith, $"{PlatformId}|{txnSeq}|{outMchntId}|{kind}|{Convert.ToHexStringLower(SHA256.HashData(signed ?? picture))}");
        using var content = new ByteArrayContent(picture);
        using var answer = await bank.Http.PostAsync($"/register/picture.do?platformId={PlatformId}&txnSeq={txnSeq}&outMchntId={outMchntId}&kind={kind}&sign={sign}", content);
        return await VerifiedAsync(answer, txnSeq);
    }

    /// <summary>Sends all that a reviewer needs.</summary>
    public async Task RegisterAsync(string outMchntId)
    {
        (await AskAsync("mchntAdd", Merchant(outMchntId)))["gateReturnType"]!.GetValue<string>().ShouldBe("S");
        foreach (var api in new[] { "0005", "0007" })
            (await AskAsync("chnlAdd", Channel(outMchntId, api)))["gateReturnType"]!.GetValue<string>().ShouldBe("S");
        foreach (var kind in new[] { "licence", "id-front", "id-back", "bank-card" })
            (await SendPictureAsync(outMchntId, kind, Jpeg))["gateReturnType"]!.GetValue<string>().ShouldBe("S");
    }

    /// <summary>What the bank says about a merchant.</summary>
    public async Task<JsonObject> QueryAsync(string outMchntId) =>
        JsonNode.Parse((await AskAsync("queryMchnt", new() { ["outMchntId"] = outMchntId }))["body"]!.GetValue<string>())!.AsObject();

    public async Task<string> StateAsync(string outMchntId) => (await QueryAsync(outMchntId))["state"]!.GetValue<string>();

    /// <summary>The reviewer approves; gives the merchant's number.</summary>
    public async Task<string> ApproveAsync(string outMchntId)
    {
        (await DecideAsync(outMchntId, "approve", "{}")).ShouldBe(200);
        return (await QueryAsync(outMchntId))["mchntId"]!.GetValue<string>();
    }

    /// <summary>What the reviewer's decision is answered with.</summary>
    public async Task<int> DecideAsync(string outMchntId, string decision, string body, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/review/{outMchntId}/{decision}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var answer = await bank.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task<JsonObject> VerifiedAsync(HttpResponseMessage response, string txnSeq)
    {
        ((int)response.StatusCode).ShouldBe(200);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        var (type, body, sign) = (answer["gateReturnType"]!.GetValue<string>(), answer["body"]!.GetValue<string>(), answer["sign"]!.GetValue<string>());
        if (sign != "")
            sign.ShouldBe(Sign(Key, $"{txnSeq}|{type}|{body}"));
        else
            type.ShouldBe("E", "only a refusal may be unsigned");
        return answer;
    }

    private static string Sign(string key, string text) => Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
}
