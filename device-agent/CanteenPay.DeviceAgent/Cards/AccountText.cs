using System.Globalization;
using System.Text.Json;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// Reads an account from its text in the database, which <see cref="CardJson"/> wrote. Each tap reads one, and what is generated for reading records took a quarter
/// of a tap's own time: it collects the properties first and makes the record of them then.
/// </summary>
internal static class AccountText
{
    /// <summary>The account of a text; what it does not know is passed over.</summary>
    /// <exception cref="JsonException">It is not the text of an account.</exception>
    /// <exception cref="FormatException">An id, a number or a time is not one.</exception>
    /// <exception cref="InvalidOperationException">A value is of another kind.</exception>
    public static CardAccount Read(ReadOnlySpan<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8);
        AccountId? id = null;
        long? version = null;
        string? type = null, name = null, department = null;
        var state = AccountState.Active;
        DateTimeOffset? since = null;
        List<AccountCard> cards = [];
        List<PurseLot> purses = [];
        SpendCounters? counters = null;
        Dictionary<string, long>? applied = null;
        json.Read();
        Expect(ref json, JsonTokenType.StartObject);
        while (HasProperty(ref json))
        {
            if (Is(ref json, "accountId"u8))
                id = AccountId.Parse(Text(ref json));
            else if (Is(ref json, "version"u8))
                version = json.GetInt64();
            else if (Is(ref json, "state"u8))
                state = json.ValueTextEquals("active"u8) ? state : Other(ref json, "closing"u8, AccountState.Closing, "closed"u8, AccountState.Closed);
            else if (Is(ref json, "stateSince"u8))
                since = json.GetDateTimeOffset();
            else if (Is(ref json, "cardType"u8))
                type = Text(ref json);
            else if (Is(ref json, "name"u8))
                name = Text(ref json);
            else if (Is(ref json, "department"u8))
                department = Text(ref json);
            else if (Is(ref json, "cards"u8))
                cards = List(ref json, Card);
            else if (Is(ref json, "purses"u8))
                purses = List(ref json, Lot);
            else if (Is(ref json, "counters"u8))
                counters = Counters(ref json);
            else if (Is(ref json, "applied"u8))
                applied = Applied(ref json);
            else
                json.Skip();
        }

        if (json.Read())
            throw new JsonException("Something stands behind the account.");
        return new()
        {
            AccountId = id ?? throw Missing("accountId"),
            Version = version ?? throw Missing("version"),
            State = state,
            StateSince = since,
            CardType = type ?? throw Missing("cardType"),
            Name = name,
            Department = department,
            Cards = cards,
            Purses = purses,
            Counters = counters,
            Applied = applied ?? new(StringComparer.Ordinal),
        };
    }

    private static AccountCard Card(ref Utf8JsonReader json)
    {
        CardNo? no = null;
        CardState? state = null;
        DateTimeOffset? since = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (HasProperty(ref json))
        {
            if (Is(ref json, "no"u8))
                no = CardNo.Parse(Text(ref json));
            else if (Is(ref json, "state"u8))
                state = json.ValueTextEquals("active"u8) ? CardState.Active : Other(ref json, "lost"u8, CardState.Lost, "cancelled"u8, CardState.Cancelled);
            else if (Is(ref json, "since"u8))
                since = json.GetDateTimeOffset();
            else
                json.Skip();
        }

        return new(no ?? throw Missing("no"), state ?? throw Missing("state")) { Since = since };
    }

    private static PurseLot Lot(ref Utf8JsonReader json)
    {
        string? lot = null;
        Purse? kind = null;
        Fen? balance = null, expired = null;
        DateOnly? validUntil = null;
        DateTimeOffset? expiredAt = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (HasProperty(ref json))
        {
            if (Is(ref json, "lot"u8))
                lot = Text(ref json);
            else if (Is(ref json, "kind"u8))
                kind = Other(ref json, "cash"u8, Purse.Cash, "subsidy"u8, Purse.Subsidy);
            else if (Is(ref json, "balance"u8))
                balance = new(json.GetInt64());
            else if (Is(ref json, "validUntil"u8))
                validUntil = Day(ref json);
            else if (Is(ref json, "expired"u8))
                expired = new(json.GetInt64());
            else if (Is(ref json, "expiredAt"u8))
                expiredAt = json.GetDateTimeOffset();
            else
                json.Skip();
        }

        return new(lot ?? throw Missing("lot"), kind ?? throw Missing("kind"), balance ?? throw Missing("balance"))
        {
            ValidUntil = validUntil,
            Expired = expired,
            ExpiredAt = expiredAt,
        };
    }

    private static SpendCounters Counters(ref Utf8JsonReader json)
    {
        DateOnly? day = null;
        Dictionary<Meal, Spent> meals = [];
        Expect(ref json, JsonTokenType.StartObject);
        while (HasProperty(ref json))
        {
            if (Is(ref json, "day"u8))
            {
                day = Day(ref json);
            }
            else if (Is(ref json, "meals"u8))
            {
                Expect(ref json, JsonTokenType.StartObject);
                while (HasProperty(ref json))
                    meals[MealOf(ref json)] = Spent(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return new(day ?? throw Missing("day"), meals);
    }

    private static Spent Spent(ref Utf8JsonReader json)
    {
        Fen? amount = null;
        int? taps = null;
        json.Read();
        Expect(ref json, JsonTokenType.StartObject);
        while (HasProperty(ref json))
        {
            if (Is(ref json, "amount"u8))
                amount = new(json.GetInt64());
            else if (Is(ref json, "taps"u8))
                taps = json.GetInt32();
            else
                json.Skip();
        }

        return new(amount ?? throw Missing("amount"), taps ?? throw Missing("taps"));
    }

    private static Dictionary<string, long> Applied(ref Utf8JsonReader json)
    {
        Dictionary<string, long> applied = new(StringComparer.Ordinal);
        Expect(ref json, JsonTokenType.StartObject);
        while (HasProperty(ref json))
        {
            var journal = Text(ref json);
            json.Read();
            applied[journal] = json.GetInt64();
        }

        return applied;
    }

    private static Meal MealOf(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("breakfast"u8))
            return Meal.Breakfast;
        return json.ValueTextEquals("lunch"u8) ? Meal.Lunch : Other(ref json, "dinner"u8, Meal.Dinner, "night"u8, Meal.Night);
    }

    private static T Other<T>(ref Utf8JsonReader json, ReadOnlySpan<byte> one, T first, ReadOnlySpan<byte> other, T second)
    {
        if (json.ValueTextEquals(one))
            return first;
        return json.ValueTextEquals(other) ? second : throw new JsonException($"An account has no {typeof(T).Name} '{json.GetString()}'.");
    }

    private static List<T> List<T>(ref Utf8JsonReader json, Element<T> read)
    {
        List<T> list = [];
        Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            list.Add(read(ref json));
        return list;
    }

    private static string Text(ref Utf8JsonReader json) => json.GetString() ?? throw new JsonException("A text is null.");

    private static DateOnly Day(ref Utf8JsonReader json) => DateOnly.ParseExact(Text(ref json), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Goes on to an object's next property; false at its end.</summary>
    private static bool HasProperty(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether the property has this name; then the reader goes on to its value.</summary>
    private static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> name) => json.ValueTextEquals(name) && json.Read();

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (json.TokenType != token)
            throw new JsonException($"{json.TokenType} stands where {token} is expected.");
    }

    private static JsonException Missing(string property) => new($"The account lacks {property}.");

    private delegate T Element<out T>(ref Utf8JsonReader json);
}
