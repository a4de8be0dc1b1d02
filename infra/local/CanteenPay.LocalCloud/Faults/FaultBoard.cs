namespace CanteenPay.LocalCloud.Faults;

/// <summary>All hops. Calm until told otherwise.</summary>
internal sealed class FaultBoard
{
    private readonly Dictionary<string, Hop> _hops = HopKind.All.ToDictionary(static k => k.Name, static k => new Hop(k), StringComparer.Ordinal);
    private int _seed;

    internal FaultBoard() => Begin(DrawSeed());

    internal Hop this[HopKind kind] => _hops[kind.Name];

    /// <summary>Sets every hop at once, those not named to calm, and begins dice and counts anew.</summary>
    /// <param name="seed">The same seed and order of messages give the same faults; null draws one.</param>
    /// <param name="hops">Settings by hop.</param>
    /// <returns>Null, or why nothing was changed.</returns>
    internal string? SetAll(int? seed, IReadOnlyDictionary<string, HopSettings> hops)
    {
        if (hops.Select(h => Refusal(h.Key, h.Value)).FirstOrDefault(r => r is not null) is { } refusal)
        {
            return refusal;
        }

        EndAll();
        Begin(seed ?? DrawSeed());
        foreach (var (name, settings) in hops)
        {
            _hops[name].Set(settings);
        }

        return null;
    }

    /// <summary>Replaces one hop's settings; its dice and counts go on.</summary>
    /// <returns>Null, or why nothing was changed.</returns>
    internal string? Set(string hop, HopSettings settings)
    {
        if (Refusal(hop, settings) is { } refusal)
        {
            return refusal;
        }

        _hops[hop].Set(settings);
        return null;
    }

    /// <summary>Ends all faults and lets go of what is held back. Counts stay.</summary>
    internal void EndAll()
    {
        foreach (var hop in _hops.Values)
        {
            hop.Set(HopSettings.Calm);
        }
    }

    internal FaultsStatus Read()
    {
        var hops = HopKind.All.ToDictionary(k => k.Name, k => this[k].Read());
        return new(_seed, hops.Values.Sum(h => h.Counts.Values.Sum()), hops);
    }

    private void Begin(int seed)
    {
        _seed = seed;
        for (var i = 0; i < HopKind.All.Count; i++)
        {
            // Own dice for each hop: how busy one is must not change what happens on another.
            this[HopKind.All[i]].Begin(unchecked((seed * 31) + i));
        }
    }

    private string? Refusal(string hop, HopSettings settings) =>
        _hops.TryGetValue(hop, out var known) ? known.Kind.Refusal(settings) : $"There is no hop '{hop}'; there are {string.Join(", ", _hops.Keys)}.";

    private static int DrawSeed() => Random.Shared.Next(1, int.MaxValue);
}
