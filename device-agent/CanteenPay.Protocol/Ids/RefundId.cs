using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>
/// The n-th refund of an order: <c>{orderId}.r{n}</c>, n from 1. Deterministic, so that a refund that is asked for again after a kill is the same refund,
/// at the channel too.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<RefundId>))]
public readonly record struct RefundId : IParsable<RefundId>
{
    /// <summary>Refunds of one order at most: WeChat's limit.</summary>
    public const int MaxNumber = 50;

    private const string Separator = ".r";

    /// <summary>The refund of this number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 1 to <see cref="MaxNumber"/>.</exception>
    public RefundId(OrderId order, int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MaxNumber);
        (Order, Number) = (order, number);
    }

    /// <summary>The order.</summary>
    public OrderId Order { get; }

    /// <summary>Counted from 1.</summary>
    public int Number { get; }

    /// <summary>The id as text.</summary>
    public string Value => string.Create(CultureInfo.InvariantCulture, $"{Order.Value}{Separator}{Number}");

    /// <summary>
    /// The number under which the channel knows the refund, 27 or 28 characters of the 32 that channels take: the order's day, machine and random part with
    /// <c>R{n}</c>. The merchant is left out: refund numbers are unique for a merchant of the channel, and machine ids are unique for all.
    /// </summary>
    public string ChannelNo =>
        string.Create(CultureInfo.InvariantCulture, $"{Order.Value.AsSpan(0, OrderId.DateLength)}{Order.Value.AsSpan(OrderId.DateLength + MerchantId.Length)}R{Number}");

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static RefundId Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not a refund id.</exception>
    public static RefundId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a refund id: an order id, .r and a number.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RefundId result)
    {
        result = default;
        if (s is null || s.Length <= OrderId.Length + Separator.Length || s.AsSpan(OrderId.Length, Separator.Length) is not Separator
            || !OrderId.TryParse(s[..OrderId.Length], provider, out var order)
            || !int.TryParse(s.AsSpan(OrderId.Length + Separator.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > MaxNumber)
        {
            return false;
        }

        result = new(order, number);
        return result.Value == s;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
