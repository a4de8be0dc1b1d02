using CanteenPay.DeviceAgent.Settings;

namespace CanteenPay.DeviceAgent.Peripherals.CardReader;

/// <summary>How cards are read, as the settings say.</summary>
internal static class CardReaderChoice
{
    /// <summary>The reader; null when this machine has none.</summary>
    public static ICardReader? Of(AgentSettings settings) => settings.CardReader switch
    {
        CardReaderKind.Page => new PageReader(CardSource.Chip, settings.PageCards),
        CardReaderKind.Keyboard => new PageReader(CardSource.TypedUid, []),
        _ => null,
    };
}
