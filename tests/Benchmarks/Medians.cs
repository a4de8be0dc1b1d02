namespace CanteenPay.Benchmarks;

/// <summary>What is left of a number taken several times.</summary>
internal static class Medians
{
    /// <summary>The middle one; of an even count the lower of the two.</summary>
    public static double Of(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return sorted[(sorted.Count - 1) / 2];
    }
}
