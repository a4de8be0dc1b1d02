namespace CanteenPay.BankSimulator.Chaos;

/// <summary>What chaos remembers of an order. Guarded by <see cref="ChaosBoard"/>.</summary>
internal sealed class OrderChaos
{
    private readonly int[] _thrown = new int[Faults.All.Count];
    private readonly int[] _done = new int[Faults.All.Count];
    private ChaosSettings? _own;

    /// <summary>The order's place in line since the dice were set; null until it was heard of.</summary>
    public long? Place { get; set; }

    /// <summary>Faults for this order only; to set them again is to have them happen again.</summary>
    public ChaosSettings? Own
    {
        get => _own;
        set
        {
            _own = value;
            Array.Clear(_done);
        }
    }

    /// <summary>The number of the last throw of a die; the first is 1.</summary>
    public int LastThrow(Fault fault) => _thrown[(int)fault];

    /// <summary>Counts one more throw of a die.</summary>
    public int NextThrow(Fault fault) => ++_thrown[(int)fault];

    /// <summary>Whether the order's own settings have this fault happen again.</summary>
    public bool OwnIsLeft(Fault fault) => Own is { } own && _done[(int)fault] < own.Times;

    /// <summary>One of its own happened.</summary>
    public void CountOwn(Fault fault) => _done[(int)fault]++;

    /// <summary>New dice: the order is thrown for as if it had never been heard of.</summary>
    public void Forget()
    {
        Place = null;
        Array.Clear(_thrown);
    }
}
