namespace CanteenPay.Simulation.Virtual;

/// <summary>Chance from a seed (SplitMix64): the same everywhere, and unlike <see cref="Random"/>'s own, neighbouring seeds have nothing in common.</summary>
internal sealed class Dice(ulong seed) : Random(0)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private ulong state = seed;

    /// <summary>True with this probability. A share of 0 asks no chance.</summary>
    public bool Strikes(double share) => share > 0 && NextDouble() < share;

    /// <summary>A time between two.</summary>
    public TimeSpan Between(double fromSeconds, double toSeconds) => TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * NextDouble()));

    /// <summary>One of these.</summary>
    public T OneOf<T>(params ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    /// <summary>So many characters of Crockford's base32.</summary>
    public string Draw(int length) => string.Create(length, this, static (text, dice) =>
    {
        foreach (ref var character in text)
            character = Alphabet[dice.Next(Alphabet.Length)];
    });

    /// <inheritdoc/>
    public override double NextDouble() => Sample();

    /// <inheritdoc/>
    public override int Next() => (int)(NextBits() >> 33);

    /// <inheritdoc/>
    public override int Next(int maxValue) => (int)(Sample() * maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);

    /// <inheritdoc/>
    protected override double Sample() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    private ulong NextBits()
    {
        var bits = state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
