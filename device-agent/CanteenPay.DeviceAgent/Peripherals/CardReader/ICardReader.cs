using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Peripherals.CardReader;

/// <summary>Something that reads cards. It decides nothing: whether a card pays is the till's.</summary>
internal interface ICardReader
{
    /// <summary>What it is, for the log.</summary>
    string Name { get; }

    /// <summary>Says what it reads from now on.</summary>
    /// <param name="tell">Hands it over; false when the till is overrun, so that the card has to be presented again.</param>
    void Start(Func<CardSignal, bool> tell);
}

/// <summary>What a reader says.</summary>
internal abstract record CardSignal;

/// <summary>A card was read.</summary>
/// <param name="No">Its number.</param>
/// <param name="Source">How it was read.</param>
internal sealed record CardRead(CardNo No, CardSource Source) : CardSignal;

/// <summary>A card left before it was read.</summary>
internal sealed record CardLeftEarly : CardSignal;

/// <summary>How a number was read.</summary>
internal enum CardSource
{
    /// <summary>From the chip, by a reader that talks to it.</summary>
    Chip,

    /// <summary>Typed by a keyboard reader, which knows no more than the UID; a UID can be copied.</summary>
    TypedUid,
}
