using System.Text.Json.Nodes;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>An application that may be submitted.</summary>
internal static class SampleApplication
{
    public const string ResidentId = "11010519491231002X";
    public const string Account = "6228480402564890018";
    public const string Phone = "13812345678";

    /// <summary>As a distributor sends it.</summary>
    /// <param name="change">Changes it before.</param>
    public static string Body(Action<JsonObject>? change = null)
    {
        var body = JsonNode.Parse(
            $$"""
            {
              "merchantName": "示范食堂", "legalName": "福州示范餐饮有限公司", "licence": "91350100M000100Y43", "licenceValidUntil": "9999-12-31",
              "legalPerson": "张三", "residentId": "{{ResidentId}}",
              "settlement": { "kind": "card", "accountName": "张三", "account": "{{Account}}", "bankName": "中国农业银行" },
              "contact": { "name": "李四", "phone": "{{Phone}}" },
              "address": { "province": "福建省", "city": "福州市", "district": "鼓楼区", "detail": "五四路 1 号" },
              "machines": 2
            }
            """)!.AsObject();
        change?.Invoke(body);
        return body.ToJsonString();
    }
}
