using CanteenPay.DeviceAgent.Peripherals.CardReader;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Settings;

/// <summary>The simulated cards as the settings have them: <c>name=number, name=number</c>.</summary>
internal static class PageCardList
{
    /// <summary>Most cards: more buttons do not fit on the page.</summary>
    public const int MaxCards = 8;

    /// <summary>Longest name of a card.</summary>
    public const int MaxNameLength = 12;

    /// <summary>Reads the list; null when it is none.</summary>
    public static IReadOnlyList<PageCard>? Read(string text)
    {
        List<PageCard> cards = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: >= 1 and <= MaxNameLength } name, var no]
                || !CardNo.TryParse(no.ToUpperInvariant(), null, out var card))
            {
                return null;
            }

            cards.Add(new(name, card));
        }

        return cards.Count <= MaxCards ? cards : null;
    }
}
