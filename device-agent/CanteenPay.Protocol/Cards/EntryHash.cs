using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace CanteenPay.Protocol;

/// <summary>
/// The running hash of a journal: SHA-256 over the hash before and every field of the entry, as 64 hexadecimal digits in upper case. Two journals with the same hash
/// at the same number hold the same entries up to it.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<EntryHash>))]
public readonly record struct EntryHash : IParsable<EntryHash>
{
    /// <summary>Characters of the text.</summary>
    public const int Length = 64;

    /// <summary>More bytes than all fields but the lot and the items can take.</summary>
    private const int MostOfFields = 512;

    /// <summary>More bytes than an item can take: three numbers and what is between them.</summary>
    private const int MostOfItem = 64;

    private const int MostOnStack = 2048;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789ABCDEF");

    private EntryHash(string value) => Value = value;

    /// <summary>The hash as text.</summary>
    public string Value { get; }

    /// <summary>The hash before a journal's first entry: of whose journal it is.</summary>
    public static EntryHash Genesis(MerchantId merchant, DeviceId device, Epoch epoch) =>
        Of(Encoding.UTF8.GetBytes($"canteenpay card journal 1|{merchant}|{device}|{epoch}"));

    /// <summary>The hash after an entry.</summary>
    public EntryHash Then(CardEntry entry)
    {
        var items = entry.Items ?? [];
        var most = MostOfFields + Encoding.UTF8.GetMaxByteCount(entry.Lot.Length) + items.Count * MostOfItem;
        var text = most <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[most];
        // A field cannot hold the separator: lots are checked, all else is numbers and ids.
        var fits = Utf8.TryWrite(
            text,
            CultureInfo.InvariantCulture,
            $"{Value}|{entry.Seq}|{entry.TapId.Value}|{entry.Part}|{entry.AccountId.Value}|{entry.CardNo.Value}|{(int)entry.Purse}|{entry.Lot}|{(int)entry.Kind}|{entry.Amount.Value}|{entry.BalanceAfter.Value}|{entry.At.ToUnixTimeMilliseconds()}|{Number(entry.PostingDay):D8}|{(int)entry.MealPeriod}|{(int)entry.Mode}|{entry.Price?.Value}|{entry.Reverses?.Value}|{entry.Offline}|{entry.TypedUid}",
            out var length);
        foreach (var item in items)
        {
            fits &= Utf8.TryWrite(text[length..], CultureInfo.InvariantCulture, $"|{item.No}x{item.Count}@{item.Price.Value}", out var written);
            length += written;
        }

        return fits ? Of(text[..length]) : throw new InvalidOperationException("An entry's text is longer than it can be.");
    }

    /// <summary>Reads a hash.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static EntryHash Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not 64 hexadecimal digits.</exception>
    public static EntryHash Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var hash) ? hash : throw new FormatException($"'{s}' is not the hash of an entry: 64 hexadecimal digits, upper case.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EntryHash result)
    {
        var valid = s is { Length: Length } && !s.AsSpan().ContainsAnyExcept(Digits);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>What <see cref="BusinessDay.Key"/> writes, as a number: a tap waits for it.</summary>
    private static int Number(DateOnly day) => (day.Year * 100 + day.Month) * 100 + day.Day;

    private static EntryHash Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexString(SHA256.HashData(bytes)));
}
