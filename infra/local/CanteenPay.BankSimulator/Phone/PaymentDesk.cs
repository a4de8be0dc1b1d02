using CanteenPay.BankSimulator.Chaos;
using CanteenPay.BankSimulator.Notify;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Phone;

/// <summary>Takes a diner's payment and has the merchant told, once.</summary>
internal sealed class PaymentDesk(OrderBook book, Notifier notifier, TimeProvider time, ILogger<PaymentDesk> logger)
{
    public PayResult Pay(string token, PayWallet wallet) => Take(token, wallet, o => OrderRules.Pay(o, wallet, time.GetUtcNow())).Result;

    /// <summary>A fault has the wallet confirm a payment, whatever became of the order. The task ends when the merchant was told the first time.</summary>
    public Task Confirm(string token, PayWallet wallet, Fault fault) =>
        Take(token, wallet, o => OrderRules.Confirm(o, wallet, time.GetUtcNow(), Faults.Of(fault).Name)).Told;

    private (PayResult Result, Task Told) Take(string token, PayWallet wallet, Func<BankOrder, (BankOrder Order, PayResult Result)> rule)
    {
        var (order, result) = book.Change<(BankOrder?, PayResult)>(
            token,
            o =>
            {
                var paid = rule(o);
                return (paid.Order, paid);
            },
            (null, PayResult.Closed));
        if (order is null || result is not PayResult.Paid)
            return (result, Task.CompletedTask);
        logger.LogInformation("The order {OutTradeNo} of {MchId} was paid by {Wallet}: {Fen} fen", order.OutTradeNo, order.Merchant.MchId, wallet, order.TotalFee);
        return (result, notifier.Start(order));
    }
}
