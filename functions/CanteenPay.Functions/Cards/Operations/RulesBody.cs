using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>A merchant's card rules as the office sends them: what is left out has the default of <see cref="CardRules"/>, and a name that is not known is a mistake.</summary>
/// <param name="Version">The version that is changed, as it was read; 0 for the first.</param>
/// <param name="Rules">The rules.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RulesBody(long Version, CardRulesBody Rules);

/// <summary>See <see cref="CardRules"/>. The generated reader knows no defaults of properties that are set at creation only, so they are filled in here.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CardRulesBody(IReadOnlyList<MealPeriod?> Meals, IReadOnlyList<CardTypeBody?> CardTypes)
{
    public TapMode Mode { get; init; }

    public IReadOnlyList<MenuItem?>? Items { get; init; }

    public UnbookedBody? Unbooked { get; init; }

    public SpendLimits? TypedUid { get; init; }

    /// <summary>The rules; an element that is null is left out, and counted as wrong by <see cref="HasHoles"/>.</summary>
    public CardRules ToRules()
    {
        var byDefault = new UnbookedLimits();
        return new()
        {
            Mode = Mode,
            Meals = [.. Meals.OfType<MealPeriod>()],
            CardTypes = [.. CardTypes.OfType<CardTypeBody>().Select(type => type.ToRules())],
            Items = [.. (Items ?? []).OfType<MenuItem>()],
            Unbooked = new() { PerAccount = Unbooked?.PerAccount ?? byDefault.PerAccount, OfflineMinutes = Unbooked?.OfflineMinutes ?? byDefault.OfflineMinutes },
            TypedUid = TypedUid,
        };
    }

    /// <summary>Whether a list has nothing where something should be.</summary>
    public bool HasHoles() => Meals.Contains(null) || CardTypes.Contains(null) || Items?.Contains(null) == true;
}

/// <summary>See <see cref="CardTypeRules"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CardTypeBody(string Type, BilingualText Name)
{
    public int? PaidBasisPoints { get; init; }

    public int FirstTaps { get; init; }

    public Fen FirstPrice { get; init; }

    public SpendLimits? Limits { get; init; }

    public bool? SpillsToCash { get; init; }

    public IReadOnlyList<Meal>? Meals { get; init; }

    public CardTypeRules ToRules()
    {
        var byDefault = new CardTypeRules(Type, Name);
        return byDefault with
        {
            PaidBasisPoints = PaidBasisPoints ?? byDefault.PaidBasisPoints,
            FirstTaps = FirstTaps,
            FirstPrice = FirstPrice,
            Limits = Limits ?? byDefault.Limits,
            SpillsToCash = SpillsToCash ?? byDefault.SpillsToCash,
            Meals = Meals,
        };
    }
}

/// <summary>See <see cref="UnbookedLimits"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record UnbookedBody(Fen? PerAccount = null, int? OfflineMinutes = null);

/// <summary>A merchant's card rules as they are, all of them said.</summary>
/// <param name="Version">Their version.</param>
/// <param name="Rules">The rules.</param>
internal sealed record RulesView(long Version, CardRules Rules)
{
    /// <summary>Whether two say the same.</summary>
    public static bool AreEqual(CardRules? one, CardRules other) => one is not null && Text(one) == Text(other);

    private static string Text(CardRules rules) => JsonSerializer.Serialize(rules, FunctionsJson.Default.CardRules);
}
