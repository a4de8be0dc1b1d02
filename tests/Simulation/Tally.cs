using System.Globalization;

namespace CanteenPay.Simulation;

/// <summary>What happened in a case, or in many, by what it is called: a simulator in which nothing happens finds nothing.</summary>
internal sealed class Tally
{
    private readonly OrderedDictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>How many cases.</summary>
    public int Cases { get; init; }

    /// <summary>How often something happened.</summary>
    public int this[string what]
    {
        get => counts.GetValueOrDefault(what);
        init => counts[what] = value;
    }

    /// <summary>What happened in both.</summary>
    public static Tally operator +(Tally one, Tally other)
    {
        var sum = new Tally { Cases = one.Cases + other.Cases };
        foreach (var (what, count) in one.counts.Concat(other.counts))
            sum.counts[what] = sum[what] + count;
        return sum;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Cases} cases: {string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"))}");
}
