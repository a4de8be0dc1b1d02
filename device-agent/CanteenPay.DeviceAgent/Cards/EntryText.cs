using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// Writes an entry as <see cref="CardJson"/> does, byte for byte: a tap waits for it, and what is generated asks a converter, and makes a text, for each of its values.
/// </summary>
internal static class EntryText
{
    private const int Usual = 512;

    /// <summary>The text of an entry.</summary>
    public static byte[] Of(CardEntry entry)
    {
        ArrayBufferWriter<byte> text = new(Usual);
        using (Utf8JsonWriter json = new(text, new() { SkipValidation = true }))
            Write(json, entry);
        return text.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, CardEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, entry.Seq);
        json.WriteString("tapId"u8, entry.TapId.Value);
        json.WriteNumber("part"u8, entry.Part);
        json.WriteString("accountId"u8, entry.AccountId.Value);
        json.WriteString("cardNo"u8, entry.CardNo.Value);
        json.WriteString("purse"u8, entry.Purse == Purse.Cash ? "cash"u8 : "subsidy"u8);
        json.WriteString("lot"u8, entry.Lot);
        json.WriteString("kind"u8, entry.Kind switch { EntryKind.Debit => "debit"u8, EntryKind.Count => "count"u8, _ => "reversal"u8 });
        json.WriteNumber("amount"u8, entry.Amount.Value);
        json.WriteNumber("balanceAfter"u8, entry.BalanceAfter.Value);
        json.WriteString("at"u8, entry.At);
        Span<char> day = stackalloc char[10];
        entry.PostingDay.TryFormat(day, out var length, "O", CultureInfo.InvariantCulture);
        json.WriteString("postingDay"u8, day[..length]);
        json.WriteString("mealPeriod"u8, entry.MealPeriod switch
        {
            Meal.Breakfast => "breakfast"u8,
            Meal.Lunch => "lunch"u8,
            Meal.Dinner => "dinner"u8,
            _ => "night"u8,
        });
        json.WriteString("mode"u8, entry.Mode switch { TapMode.Free => "free"u8, TapMode.Fixed => "fixed"u8, TapMode.Count => "count"u8, _ => "item"u8 });
        if (entry.Price is { } price)
            json.WriteNumber("price"u8, price.Value);
        if (entry.Items is { } items)
            Write(json, items);
        if (entry.Reverses is { } reversed)
            json.WriteString("reverses"u8, reversed.Value);
        json.WriteBoolean("offline"u8, entry.Offline);
        json.WriteBoolean("typedUid"u8, entry.TypedUid);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<SoldItem> items)
    {
        json.WriteStartArray("items"u8);
        foreach (var item in items)
        {
            json.WriteStartObject();
            json.WriteNumber("no"u8, item.No);
            json.WriteNumber("count"u8, item.Count);
            json.WriteNumber("price"u8, item.Price.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
