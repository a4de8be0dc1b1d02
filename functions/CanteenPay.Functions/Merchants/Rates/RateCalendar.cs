using System.Collections.Immutable;
using System.Globalization;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Rates;

/// <summary>A merchant's rates, each from a day on, as text: <c>20261122:60 20270101:55</c>.</summary>
internal sealed class RateCalendar
{
    /// <summary>Most rates that a merchant ever has.</summary>
    public const int MaxRates = 500;

    /// <summary>No rates.</summary>
    public static readonly RateCalendar Empty = new(ImmutableSortedDictionary<DateOnly, int>.Empty);

    private readonly ImmutableSortedDictionary<DateOnly, int> _from;

    private RateCalendar(ImmutableSortedDictionary<DateOnly, int> from) => _from = from;

    /// <summary>How many there are.</summary>
    public int Count => _from.Count;

    /// <summary>The rate of a day, in hundredths of a percent: the last one that began; before the first, or without any, the common 0.6 %.</summary>
    public int On(DateOnly day)
    {
        var rate = ChannelFee.DefaultRateBasisPoints;
        foreach (var (from, basisPoints) in _from)
        {
            if (from > day)
                break;
            rate = basisPoints;
        }

        return rate;
    }

    /// <summary>With a rate that begins on a day, instead of the one that began then.</summary>
    public RateCalendar With(DateOnly from, int basisPoints) => new(_from.SetItem(from, basisPoints));

    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static RateCalendar Parse(string text)
    {
        var from = ImmutableSortedDictionary.CreateBuilder<DateOnly, int>();
        foreach (var entry in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                throw new FormatException($"'{entry}' is not a rate such as 20261122:60.");
            from[DateOnly.ParseExact(entry.AsSpan(0, colon), "yyyyMMdd", CultureInfo.InvariantCulture)] = int.Parse(entry.AsSpan(colon + 1), CultureInfo.InvariantCulture);
        }

        return new(from.ToImmutable());
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(' ', _from.Select(rate => string.Create(CultureInfo.InvariantCulture, $"{BusinessDay.Key(rate.Key)}:{rate.Value}")));
}
