namespace CanteenPay.BankSimulator.Orders;

/// <summary>
/// All orders, in memory only: a restarted bank has forgotten them. Every change is made under one lock,
/// so two taps on "pay" are one payment.
/// </summary>
internal sealed class OrderBook
{
    /// <summary>Most orders kept; a further create is refused as a system error.</summary>
    public const int Capacity = 200_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string MchId, string OutTradeNo), string> _tokens = [];
    private readonly Dictionary<string, BankOrder> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _transactions = new(StringComparer.Ordinal);
    private readonly List<string> _sequence = [];

    public bool IsFull
    {
        get
        {
            lock (_gate)
                return _orders.Count >= Capacity;
        }
    }

    /// <summary>False when the merchant has an order of this number.</summary>
    public bool TryAdd(BankOrder order)
    {
        lock (_gate)
        {
            if (!_tokens.TryAdd((order.Merchant.MchId, order.OutTradeNo), order.Token))
                return false;
            _orders.Add(order.Token, order);
            _transactions.Add(order.TransactionId, order.Token);
            _sequence.Add(order.Token);
            return true;
        }
    }

    public BankOrder? ByToken(string token)
    {
        lock (_gate)
            return _orders.GetValueOrDefault(token);
    }

    /// <summary>A merchant's order; the bank's number wins when both are given.</summary>
    public BankOrder? Find(string mchId, string? outTradeNo, string? transactionId)
    {
        lock (_gate)
        {
            var token = transactionId is { Length: > 0 } ? _transactions.GetValueOrDefault(transactionId)
                : outTradeNo is null ? null
                : _tokens.GetValueOrDefault((mchId, outTradeNo));
            var order = token is null ? null : _orders[token];
            return order?.Merchant.MchId == mchId ? order : null;
        }
    }

    /// <summary>The latest order of this number, of whichever merchant.</summary>
    public BankOrder? FindAnywhere(string outTradeNo)
    {
        lock (_gate)
        {
            for (var i = _sequence.Count - 1; i >= 0; i--)
            {
                if (_orders[_sequence[i]] is { } order && order.OutTradeNo == outTradeNo)
                    return order;
            }

            return null;
        }
    }

    /// <summary>The latest orders, newest first.</summary>
    public IReadOnlyList<BankOrder> Latest(int count)
    {
        lock (_gate)
            return [.. Enumerable.Reverse(_sequence).Take(count).Select(t => _orders[t])];
    }

    /// <summary>All orders of a merchant, oldest first.</summary>
    public IReadOnlyList<BankOrder> Of(string mchId)
    {
        lock (_gate)
            return [.. _sequence.Select(t => _orders[t]).Where(o => o.Merchant.MchId == mchId)];
    }

    /// <summary>Applies a rule to an order as it stands now and keeps what the rule made of it.</summary>
    public T Change<T>(string token, Func<BankOrder, (BankOrder Order, T Result)> rule)
    {
        lock (_gate)
        {
            var (order, result) = rule(_orders[token]);
            _orders[token] = order;
            return result;
        }
    }
}
