using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal.Taps;

/// <summary>Looks how this till takes cards at the moment: the rules, the time of day, what a manager has switched, how far the sync is.</summary>
internal sealed class CardLookout(CardStore cards, OrderStore store, MachineClock clock)
{
    private const string ModeFact = "cards.mode";

    /// <summary>How cards are taken now; null when the merchant takes none.</summary>
    public CardDesk? Look()
    {
        if (cards.Rules is not { } rules)
            return null;
        var mode = Enum.TryParse<TapMode>(store.Fact(ModeFact), out var switched) ? switched : rules.Mode;
        return new(mode, rules.Mode, rules.At(TimeOnly.FromDateTime(clock.Corrected.DateTime)), rules.Items, cards.Standing());
    }

    /// <summary>Remembers what the till was switched to; null lets it work as the rules say.</summary>
    public void Remember(TapMode? mode) => store.SetFacts((ModeFact, mode?.ToString() ?? ""));
}
