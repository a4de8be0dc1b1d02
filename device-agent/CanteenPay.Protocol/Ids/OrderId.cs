using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>
/// An order for cloud pay: <c>yyMMdd</c> + merchant 8 + machine 8 + 10 random characters = 32, every channel's limit. It names its partition,
/// and a machine that was installed anew cannot repeat one.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<OrderId>))]
public readonly record struct OrderId : IParsable<OrderId>
{
    /// <summary>Characters in an id.</summary>
    public const int Length = DateLength + MerchantId.Length + DeviceId.Length + RandomLength;

    internal const int DateLength = 6;
    private const int RandomLength = 10;
    private const string DateFormat = "yyMMdd";

    private OrderId(string value) => Value = value;

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <summary>The business day on which the machine made the order.</summary>
    public DateOnly Day => DateOnly.ParseExact("20" + Value[..DateLength], "yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>The merchant who is paid.</summary>
    public MerchantId Merchant => MerchantId.Parse(Value.Substring(DateLength, MerchantId.Length));

    /// <summary>The machine that made the order.</summary>
    public DeviceId Device => DeviceId.Parse(Value.Substring(DateLength + MerchantId.Length, DeviceId.Length));

    /// <summary>A new id.</summary>
    public static OrderId New(DateOnly day, MerchantId merchant, DeviceId device) => New(day, merchant, device, Crockford.Random);

    /// <summary>A new id, its random part drawn by the caller's own chance.</summary>
    /// <param name="day">The business day.</param>
    /// <param name="merchant">The merchant.</param>
    /// <param name="device">The machine.</param>
    /// <param name="draw">Draws so many characters of <see cref="Crockford"/>.</param>
    /// <exception cref="FormatException">What was drawn is of another alphabet or length.</exception>
    public static OrderId New(DateOnly day, MerchantId merchant, DeviceId device, Func<int, string> draw) =>
        Parse(day.ToString(DateFormat, CultureInfo.InvariantCulture) + merchant + device + draw(RandomLength));

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static OrderId Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not an order id.</exception>
    public static OrderId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not an order id: yyMMdd and 26 characters of Crockford base32.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out OrderId result)
    {
        var valid = Crockford.IsValid(s, Length)
            && DateOnly.TryParseExact("20" + s![..DateLength], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
