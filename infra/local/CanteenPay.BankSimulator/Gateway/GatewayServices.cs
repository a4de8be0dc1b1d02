using System.Net;
using CanteenPay.BankSimulator.Merchants;
using Fields = System.Collections.Generic.IReadOnlyList<(string Name, string Value)>;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>The services of <c>POST /pay/gateway</c>: who asks for what.</summary>
internal sealed class GatewayServices(OrderServices orders, RefundServices refunds, MerchantDirectory merchants, ILogger<GatewayServices> logger)
{
    /// <summary>Reads one request; otherwise the unsigned answer to what is none, or is not its merchant's.</summary>
    public (GatewayRequest? Request, string Error) Read(byte[] body, string calledBy)
    {
        if (BankXml.Parse(body) is not { } fields)
            return (null, GatewayAnswer.Error("XML格式错误"));
        if (merchants.SignerOf(fields) is { } merchant && BankSigning.IsSignedBy(merchant, fields))
            return (new GatewayRequest(merchant, fields, calledBy), "");
        logger.LogWarning("A request for the merchant {MchId} was not signed by it", WebUtility.UrlEncode(fields.GetValueOrDefault("mch_id", "")));
        return (null, GatewayAnswer.Error("签名错误"));
    }

    /// <summary>Does what was asked and gives the answer's fields, not yet signed.</summary>
    public async Task<Fields> ServeAsync(GatewayRequest request) => request.Call switch
    {
        GatewayCall.Create => await orders.CreateAsync(request),
        GatewayCall.Query => orders.Query(request),
        GatewayCall.Close => orders.Close(request),
        GatewayCall.Refund => refunds.Refund(request),
        GatewayCall.RefundQuery => refunds.Query(request),
        _ => GatewayAnswer.Refused("SERVICE_NOT_EXIST", $"不支持的接口 {request["service"]}"),
    };
}
