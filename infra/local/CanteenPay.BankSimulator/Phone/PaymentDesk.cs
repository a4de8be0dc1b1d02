using CanteenPay.BankSimulator.Notify;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Phone;

/// <summary>Takes a diner's payment and has the merchant told, once.</summary>
internal sealed class PaymentDesk(OrderBook book, Notifier notifier, TimeProvider time, ILogger<PaymentDesk> logger)
{
    public PayResult Pay(string token, PayWallet wallet)
    {
        var (order, result) = book.Change(token, o =>
        {
            var paid = OrderRules.Pay(o, wallet, time.GetUtcNow());
            return (paid.Order, (paid.Order, paid.Result));
        });
        if (result is not PayResult.Paid)
            return result;
        logger.LogInformation("The order {OutTradeNo} of {MchId} was paid by {Wallet}: {Fen} fen", order.OutTradeNo, order.Merchant.MchId, wallet, order.TotalFee);
        notifier.Start(order);
        return result;
    }
}
