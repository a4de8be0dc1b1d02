using System.Buffers;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>Whether a merchant's card rules can be: every machine goes by them at once, so nothing doubtful gets in.</summary>
internal sealed class MerchantRulesCheck
{
    private const int MaxName = 40;
    private const int MaxType = 20;
    private const int MaxTaps = 999;
    private const int MaxItemNo = 999;
    private const int MaxOfflineMinutes = 30 * 24 * 60;

    private static readonly SearchValues<char> TypeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>A UID can be copied with a tool for the price of a meal: what such a card can lose is kept to a few meals.</summary>
    private static readonly Fen MaxTypedPerTap = new(100_00);
    private static readonly Fen MaxTypedPerDay = new(500_00);

    private readonly Dictionary<string, List<string>> _errors = [];

    /// <summary>What is wrong, by field; empty when nothing is.</summary>
    public static Dictionary<string, string[]> Errors(CardRules rules)
    {
        var check = new MerchantRulesCheck();
        check.Unless(Enum.IsDefined(rules.Mode), "mode", "free, fixed, count or item.");
        check.Meals(rules);
        check.CardTypes(rules);
        check.Items(rules);
        check.Unbooked(rules.Unbooked);
        check.TypedUid(rules.TypedUid);
        return check._errors.ToDictionary(error => error.Key, error => error.Value.ToArray());
    }

    /// <summary>Whether a text can name a card type.</summary>
    public static bool IsType(string? type) => type is { Length: >= 1 and <= MaxType } && !type.AsSpan().ContainsAnyExcept(TypeCharacters);

    /// <summary>Why settings cannot be sent to machines; null when they can.</summary>
    public static string? TooLong(MachineSettings settings)
    {
        try
        {
            DeviceMessageJson.Write(settings);
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"All of it together is more than a message to a machine can hold ({DeviceMessageJson.MaxBytes / 1024} KB): fewer items, or shorter names.";
        }
    }

    private void Meals(CardRules rules)
    {
        Unless(rules.Meals.Count is >= 1 and <= 4, "meals", "1 to 4 meals: outside of them no card pays.");
        Unless(rules.Meals.Select(period => period.Meal).Distinct().Count() == rules.Meals.Count, "meals", "Each meal once.");
        Unless(rules.Mode != TapMode.Fixed || rules.Meals.Any(period => period.Price is not null), "meals", "With fixed prices at least one meal has a price.");
        foreach (var (period, n) in rules.Meals.Select((period, n) => (period, n)))
        {
            Unless(Enum.IsDefined(period.Meal), $"meals[{n}].meal", "breakfast, lunch, dinner or night.");
            Unless(period.From != period.To, $"meals[{n}]", "It lasts no time, or all day: say until when.");
            Unless(IsPrice(period.Price), $"meals[{n}].price", PriceWords);
            foreach (var other in rules.Meals.Take(n).Where(other => Overlap(period, other)))
                Unless(false, $"meals[{n}]", $"It overlaps {other.Meal}, {other.From:HH\\:mm} to {other.To:HH\\:mm}.");
        }
    }

    private void CardTypes(CardRules rules)
    {
        Unless(rules.CardTypes.Count is >= 1 and <= CardRules.MaxCardTypes, "cardTypes", $"1 to {CardRules.MaxCardTypes} card types.");
        Unless(rules.CardTypes.Select(type => type.Type).Distinct(StringComparer.Ordinal).Count() == rules.CardTypes.Count, "cardTypes", "Each type once.");
        foreach (var (type, n) in rules.CardTypes.Select((type, n) => (type, n)))
        {
            var field = $"cardTypes[{n}]";
            Unless(IsType(type.Type), $"{field}.type", $"1 to {MaxType} lower-case letters, digits and hyphens.");
            Name($"{field}.name", type.Name);
            Unless(type.PaidBasisPoints is >= 1 and <= 10_000, $"{field}.paidBasisPoints", "What is paid of a price, 1 to 10000 (all of it).");
            Unless(type.FirstTaps is >= 0 and <= MaxTaps, $"{field}.firstTaps", $"0 to {MaxTaps}.");
            Unless(IsPrice(type.FirstPrice), $"{field}.firstPrice", PriceWords);
            Limits($"{field}.limits", type.Limits);
            Unless(
                type.Meals is null || (type.Meals.Count > 0 && type.Meals.All(Enum.IsDefined) && type.Meals.Distinct().Count() == type.Meals.Count),
                $"{field}.meals",
                "The meals it pays at, each once; leave it out for all.");
        }
    }

    private void Items(CardRules rules)
    {
        Unless(rules.Items.Count <= CardRules.MaxItems, "items", $"At most {CardRules.MaxItems} items.");
        Unless(rules.Mode != TapMode.Item || rules.Items.Count > 0, "items", "To sell by number there must be items.");
        Unless(rules.Items.Select(item => item.No).Distinct().Count() == rules.Items.Count, "items", "Each number once.");
        foreach (var (item, n) in rules.Items.Select((item, n) => (item, n)))
        {
            Unless(item.No is >= 1 and <= MaxItemNo, $"items[{n}].no", $"1 to {MaxItemNo}.");
            Name($"items[{n}].name", item.Name);
            Unless(item.Price.IsKeyable, $"items[{n}].price", $"In fen, 1 to {Fen.MaxKeyed.Value}.");
        }
    }

    private void Unbooked(UnbookedLimits unbooked)
    {
        Unless(unbooked.PerAccount.IsKeyable, "unbooked.perAccount", $"In fen, 1 to {Fen.MaxKeyed.Value}.");
        Unless(unbooked.OfflineMinutes is >= 1 and <= MaxOfflineMinutes, "unbooked.offlineMinutes", $"1 to {MaxOfflineMinutes} (30 days).");
    }

    private void TypedUid(SpendLimits? limits)
    {
        if (limits is null)
            return;
        Limits("typedUid", limits);
        Unless(limits.PerTap is { } tap && tap <= MaxTypedPerTap, "typedUid.perTap", $"A UID can be copied: a limit of at most {MaxTypedPerTap.Value} fen a tap.");
        Unless(limits.DayAmount is { } day && day <= MaxTypedPerDay, "typedUid.dayAmount", $"A UID can be copied: a limit of at most {MaxTypedPerDay.Value} fen a day.");
    }

    private void Limits(string field, SpendLimits limits)
    {
        foreach (var (name, amount) in new[] { ("perTap", limits.PerTap), ("mealAmount", limits.MealAmount), ("dayAmount", limits.DayAmount) })
            Unless(amount is not { } fen || fen.IsKeyable, $"{field}.{name}", $"In fen, 1 to {Fen.MaxKeyed.Value}; leave it out for no limit.");
        foreach (var (name, taps) in new[] { ("mealTaps", limits.MealTaps), ("dayTaps", limits.DayTaps) })
            Unless(taps is null or (>= 1 and <= MaxTaps), $"{field}.{name}", $"1 to {MaxTaps}; leave it out for no limit.");
    }

    private void Name(string field, BilingualText name)
    {
        Unless(IsName(name.Zh), $"{field}.zh", $"1 to {MaxName} characters on one line.");
        Unless(IsName(name.En), $"{field}.en", $"1 to {MaxName} characters on one line.");
    }

    private void Unless(bool right, string field, string what)
    {
        if (right)
            return;
        if (!_errors.TryGetValue(field, out var errors))
            _errors[field] = errors = [];
        errors.Add(what);
    }

    private static string PriceWords => $"In fen, 0 to {Fen.MaxKeyed.Value}.";

    private static bool IsPrice(Fen? price) => price is not { } fen || (fen >= Fen.Zero && fen <= Fen.MaxKeyed);

    private static bool IsName(string name) => name.Trim().Length is >= 1 and <= MaxName && !name.Any(char.IsControl);

    private static bool Overlap(MealPeriod one, MealPeriod other) => one.From.IsBetween(other.From, other.To) || other.From.IsBetween(one.From, one.To);
}
