using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Merchants;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Bill;

/// <summary><c>POST /gateway</c>, service <c>pay.bill.merchant</c>: a day's bill as text, errors as XML.</summary>
internal sealed class BillService(OrderBook book, MerchantDirectory merchants, TimeProvider time)
{
    /// <summary>Answers one request with its content type and text.</summary>
    public (string ContentType, string Text) Answer(byte[] body)
    {
        if (BankXml.Parse(body) is not { } request)
            return ("text/xml", GatewayAnswer.Error("XML格式错误"));
        if (merchants.SignerOf(request) is not { } merchant || !BankSigning.IsSignedBy(merchant, request))
            return ("text/xml", GatewayAnswer.Error("签名错误"));
        var day = request.GetValueOrDefault("bill_date", "");
        var type = request.GetValueOrDefault("bill_type", "ALL");
        if (request.GetValueOrDefault("service", "") != "pay.bill.merchant" || BankTime.Parse(day + "000000") is null || type is not ("ALL" or "SUCCESS" or "REFUND"))
            return ("text/xml", GatewayAnswer.Signed(merchant, GatewayAnswer.Refused("PARAM_ERROR", "参数错误")));
        return ("text/plain", BillText.Write(BillLine.OfDay(book.Of(merchant.MchId), day, type, time.GetUtcNow())));
    }
}
