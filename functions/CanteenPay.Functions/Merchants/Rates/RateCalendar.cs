using System.Collections.Immutable;
using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Rates;

/// <summary>A merchant's rates, each from a settlement date on, with the bank's part, as text: <c>20261122:60/20 20270101:55/20</c>.</summary>
internal sealed class RateCalendar
{
    /// <summary>Most rates that a merchant ever has.</summary>
    public const int MaxRates = 500;

    /// <summary>No rates.</summary>
    public static readonly RateCalendar Empty = new(ImmutableSortedDictionary<DateOnly, FeeRate>.Empty);

    private readonly ImmutableSortedDictionary<DateOnly, FeeRate> _from;

    private RateCalendar(ImmutableSortedDictionary<DateOnly, FeeRate> from) => _from = from;

    /// <summary>How many there are.</summary>
    public int Count => _from.Count;

    /// <summary>
    /// The rate of a settlement date: the last one that began. Before the first the first holds (a payment minutes after the activation may belong to the day before it);
    /// without any the common one.
    /// </summary>
    public FeeRate On(DateOnly day)
    {
        FeeRate? held = null;
        foreach (var (from, rate) in _from)
        {
            if (held is not null && from > day)
                break;
            held = rate;
        }

        return held ?? FeeRate.Common;
    }

    /// <summary>With a rate that begins on a day, instead of the one that began then.</summary>
    public RateCalendar With(DateOnly from, FeeRate rate) => new(_from.SetItem(from, rate));

    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static RateCalendar Parse(string text)
    {
        var from = ImmutableSortedDictionary.CreateBuilder<DateOnly, FeeRate>();
        foreach (var entry in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split(':', '/') is not [var day, var rate, var bank])
                throw new FormatException($"'{entry}' is not a rate such as 20261122:60/20.");
            from[DateOnly.ParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture)] =
                new(int.Parse(rate, CultureInfo.InvariantCulture), int.Parse(bank, CultureInfo.InvariantCulture));
        }

        return new(from.ToImmutable());
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _from.Select(dated => string.Create(
        CultureInfo.InvariantCulture, $"{BusinessDay.Key(dated.Key)}:{dated.Value.BasisPoints}/{dated.Value.BankCostBasisPoints}")));
}
