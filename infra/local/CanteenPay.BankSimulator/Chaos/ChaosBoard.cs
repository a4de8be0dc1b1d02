using System.Security.Cryptography;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>Decides which fault happens to which order, and counts them. Whoever asks whether a fault strikes has to make it happen.</summary>
internal sealed class ChaosBoard(BankSettings settings, TimeProvider time, ILogger<ChaosBoard> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, OrderChaos> _orders = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();
    private readonly long[] _done = new long[Faults.All.Count];
    private ChaosSettings _settings = ChaosSettings.Calm with { Seed = NewSeed() };
    private ChaosSettings? _next;
    private long _places;
    private DateTimeOffset _downUntil;
    private long _refusedAsDown;

    /// <summary>What is set and what was done.</summary>
    public ChaosState State
    {
        get
        {
            lock (_gate)
                return new ChaosState(_settings, [.. _done], _refusedAsDown, IsDown ? _downUntil : null, _next is not null);
        }
    }

    /// <summary>Whether the gateway takes no request and sends no notification.</summary>
    public bool IsDown
    {
        get
        {
            lock (_gate)
                return time.GetUtcNow() < _downUntil;
        }
    }

    /// <summary>Replaces the settings for all orders and begins the dice anew. Settings of single orders stay.</summary>
    public void Set(ChaosSettings wanted)
    {
        lock (_gate)
        {
            _settings = wanted with { Seed = wanted.Seed ?? NewSeed() };
            _places = 0;
            foreach (var order in _orders.Values)
                order.Forget();
        }
    }

    /// <summary>Ends every fault, those of single orders too, and puts the gateway up.</summary>
    public void Calm()
    {
        lock (_gate)
        {
            Set(ChaosSettings.Calm);
            _orders.Clear();
            _oldest.Clear();
            (_next, _downUntil) = (null, default);
        }
    }

    /// <summary>Sets what happens to one order, which the bank may not know yet.</summary>
    public void SetFor(string outTradeNo, ChaosSettings wanted)
    {
        lock (_gate)
            Remember(outTradeNo).Own = wanted;
    }

    /// <summary>Sets what happens to the next order that is new to the bank.</summary>
    public void SetForNext(ChaosSettings wanted)
    {
        lock (_gate)
            _next = wanted;
    }

    /// <summary>The gateway is down from now on for so long; zero ends it.</summary>
    public void GoDown(TimeSpan duration)
    {
        lock (_gate)
            _downUntil = time.GetUtcNow() + duration;
    }

    /// <summary>Whether a request is refused because the gateway is down; counted.</summary>
    public bool RefusesAsDown()
    {
        lock (_gate)
        {
            if (!IsDown)
                return false;
            _refusedAsDown++;
            return true;
        }
    }

    /// <summary>A request for an order came in. An order that is new to the bank takes what was set for the next one.</summary>
    public void Hear(string outTradeNo, bool isNew)
    {
        lock (_gate)
        {
            if (isNew && _next is not null)
                (Remember(outTradeNo).Own, _next) = (_next, null);
            else if (!_settings.Shares.IsEmpty)
                Remember(outTradeNo);
        }
    }

    /// <summary>Whether a fault happens now.</summary>
    /// <param name="outTradeNo">The order it would happen to.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="call">The call that is answered, if one is.</param>
    public bool Strikes(string outTradeNo, Fault fault, GatewayCall? call = null) => DelayOf(outTradeNo, fault, call) is not null;

    /// <summary>As <see cref="Strikes"/>, with the time that the fault takes; null when it does not happen.</summary>
    public TimeSpan? DelayOf(string outTradeNo, Fault fault, GatewayCall? call = null)
    {
        FaultShare? struck;
        lock (_gate)
        {
            if (_settings.Shares.IsEmpty && !_orders.ContainsKey(outTradeNo))
                return null;
            var order = Remember(outTradeNo);
            struck = order.OwnIsLeft(fault) ? Throw(order, order.Own!, fault, call) : null;
            if (struck is not null)
                order.CountOwn(fault);
            struck ??= Throw(order, _settings, fault, call);
            if (struck is null)
                return null;
            _done[(int)fault]++;
        }

        logger.LogInformation("Chaos: {Fault} for the order {OutTradeNo}", Faults.Of(fault).Name, outTradeNo);
        return struck.Value.Delay;
    }

    /// <summary>One of so many ways in which a fault that just struck happens.</summary>
    public int Pick(string outTradeNo, Fault fault, int sides)
    {
        lock (_gate)
        {
            var order = Remember(outTradeNo);
            return ChaosDice.Pick(SeedFor(order.Own), fault, order.Place!.Value, order.LastThrow(fault), sides);
        }
    }

    /// <summary>The wallet that pays when a fault makes the payment.</summary>
    public PayWallet PickWallet(string outTradeNo, Fault fault) => Pick(outTradeNo, fault, 2) == 0 ? PayWallet.WeChat : PayWallet.Alipay;

    private FaultShare? Throw(OrderChaos order, ChaosSettings wanted, Fault fault, GatewayCall? call) =>
        wanted.ShareOf(fault, call) is { } share && ChaosDice.Throw(SeedFor(wanted), fault, order.Place!.Value, order.NextThrow(fault)) < share.Share ? share : null;

    private long SeedFor(ChaosSettings? wanted) => wanted?.Seed ?? _settings.Seed!.Value;

    private OrderChaos Remember(string outTradeNo)
    {
        if (!_orders.TryGetValue(outTradeNo, out var order))
        {
            if (_orders.Count >= settings.MaxOrders)
                _orders.Remove(_oldest.Dequeue());
            _orders.Add(outTradeNo, order = new OrderChaos());
            _oldest.Enqueue(outTradeNo);
        }

        order.Place ??= ++_places;
        return order;
    }

    // Short enough to be typed again.
    private static long NewSeed() => RandomNumberGenerator.GetInt32(1, 1_000_000);
}

/// <summary>What is set and what was done since the bank began, by <see cref="Fault"/>.</summary>
internal sealed record ChaosState(ChaosSettings Settings, IReadOnlyList<long> Done, long RefusedAsDown, DateTimeOffset? DownUntil, bool NextIsSet);
