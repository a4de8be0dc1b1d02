namespace CanteenPay.BankSimulator.Orders;

/// <summary>
/// All orders, in memory only: a restarted bank has forgotten them. Every change is made under one lock,
/// so two taps on "pay" are one payment and two refunds never return more than was paid.
/// </summary>
internal sealed class OrderBook(BankSettings settings)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string MchId, string OutTradeNo), string> _tokens = [];
    private readonly Dictionary<string, BankOrder> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _transactions = new(StringComparer.Ordinal);
    private readonly List<string> _sequence = [];
    private long _added;
    private long _forgotten;

    /// <summary>How many orders were forgotten to make room.</summary>
    public long Forgotten
    {
        get
        {
            lock (_gate)
                return _forgotten;
        }
    }

    /// <summary>Makes room for one more order; false when the book is full of orders that have not ended.</summary>
    public bool MakeRoom(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_orders.Count < settings.MaxOrders)
                return true;
            // Some at once: to look through the book for each new order would be slow.
            var old = _sequence.Where(t => _orders[t].EndedBy(now)).Take(1 + settings.MaxOrders / 100).ToHashSet(StringComparer.Ordinal);
            foreach (var token in old)
            {
                _orders.Remove(token, out var order);
                _tokens.Remove((order!.Merchant.MchId, order.OutTradeNo));
                _transactions.Remove(order.TransactionId);
            }

            _sequence.RemoveAll(old.Contains);
            _forgotten += old.Count;
            return old.Count > 0;
        }
    }

    /// <summary>False when the merchant has an order of this number.</summary>
    public bool TryAdd(BankOrder order)
    {
        lock (_gate)
        {
            if (!_tokens.TryAdd((order.Merchant.MchId, order.OutTradeNo), order.Token))
                return false;
            _orders.Add(order.Token, order with { Sequence = ++_added });
            _transactions.Add(order.TransactionId, order.Token);
            _sequence.Add(order.Token);
            return true;
        }
    }

    /// <summary>The order of this token, unless there never was one or it is forgotten.</summary>
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

    /// <summary>Orders from a sequence number on, oldest first.</summary>
    public IReadOnlyList<BankOrder> From(long sequence, int count)
    {
        lock (_gate)
            return [.. _sequence.Select(t => _orders[t]).Where(o => o.Sequence >= sequence).Take(count)];
    }

    /// <summary>All orders, oldest first.</summary>
    public IReadOnlyList<BankOrder> All()
    {
        lock (_gate)
            return [.. _sequence.Select(t => _orders[t])];
    }

    /// <summary>All orders of a merchant, oldest first.</summary>
    public IReadOnlyList<BankOrder> Of(string mchId)
    {
        lock (_gate)
            return [.. _sequence.Select(t => _orders[t]).Where(o => o.Merchant.MchId == mchId)];
    }

    /// <summary>Applies a rule to an order as it stands now and keeps what the rule made of it.</summary>
    public T Change<T>(string token, Func<BankOrder, (BankOrder Order, T Result)> rule, T ifForgotten)
    {
        lock (_gate)
        {
            if (!_orders.TryGetValue(token, out var current))
                return ifForgotten;
            var (order, result) = rule(current);
            _orders[token] = order;
            return result;
        }
    }
}
