using System.Globalization;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>What query answers and notifications say about an order.</summary>
internal static class PaymentFields
{
    public static IEnumerable<(string Name, string Value)> Of(BankOrder order)
    {
        yield return ("out_trade_no", order.OutTradeNo);
        yield return ("total_fee", order.TotalFee.ToString(CultureInfo.InvariantCulture));
        yield return ("fee_type", "CNY");
        yield return ("attach", order.Attach);
        yield return ("device_info", order.DeviceInfo);
        if (order.Payment is not { } payment)
            yield break;
        yield return ("transaction_id", order.TransactionId);
        yield return ("out_transaction_id", payment.OutTransactionId);
        yield return ("trade_type", payment.TradeType);
        yield return ("time_end", BankTime.Format(payment.PaidAt));
        yield return ("openid", payment.OpenId);
        yield return ("bank_type", payment.Wallet is PayWallet.WeChat ? "CMB_DEBIT" : "ALIPAYACCOUNT");
    }
}
