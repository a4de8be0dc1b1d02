using System.Globalization;
using CanteenPay.BankSimulator.Merchants;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>What a merchant's system can ask for.</summary>
internal enum GatewayCall
{
    Other,
    Create,
    Query,
    Close,
    Refund,
    RefundQuery,
}

/// <summary>A request that its merchant signed. <paramref name="CalledBy"/> is the address that the gateway was called by.</summary>
internal sealed record GatewayRequest(BankMerchant Merchant, SortedDictionary<string, string> Fields, string CalledBy)
{
    public GatewayCall Call => this["service"] switch
    {
        "unified.trade.native" => GatewayCall.Create,
        "unified.trade.query" => GatewayCall.Query,
        "unified.trade.close" => GatewayCall.Close,
        "unified.trade.refund" => GatewayCall.Refund,
        "unified.trade.refundquery" => GatewayCall.RefundQuery,
        _ => GatewayCall.Other,
    };

    /// <summary>A field's value, empty when it is missing.</summary>
    public string this[string name] => Fields.GetValueOrDefault(name, "");

    /// <summary>An amount in fen; null unless it is digits only, above zero and below what the gateway takes.</summary>
    public long? Fen(string name) =>
        long.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var fen) && fen is > 0 and <= 9_999_999_999 ? fen : null;
}
