using CanteenPay.DeviceAgent.Peripherals.CardReader;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>What reaches the till from its surroundings, before clock, chance and memory are added to it.</summary>
internal abstract record TillInput;

/// <summary>A key was pressed, on the screen or on a keyboard.</summary>
internal sealed record KeyPressed(TillKey Key) : TillInput;

/// <summary>A row of the list was touched.</summary>
internal sealed record RowChosen(OrderId OrderId) : TillInput;

/// <summary>A card reader said something.</summary>
internal sealed record CardSignalled(CardSignal Signal) : TillInput;

/// <summary>A message of the cloud about a payment.</summary>
/// <param name="Message">What arrived.</param>
/// <param name="ReceivedAt">When, by the steady clock.</param>
/// <param name="Expiry">What was left of its life then; null when it has no end.</param>
internal sealed record CloudSaid(DeviceMessage Message, DateTimeOffset ReceivedAt, TimeSpan? Expiry) : TillInput;

/// <summary>Time has passed, or the link is to be looked at.</summary>
internal sealed record ClockTicked : TillInput;

/// <summary>A key by its name on the page: <c>0</c>–<c>9</c>, <c>dot</c>, <c>backspace</c>, <c>clear</c>, <c>pay</c>, <c>cancel</c>,
/// <c>list</c>, <c>up</c>, <c>down</c>, <c>refund</c>, <c>undo</c>, <c>mode</c>, <c>damage</c> (the word of the damaged database was read).</summary>
internal readonly record struct TillKey(string Name)
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "dot", "backspace", "clear", "pay", "cancel", "list", "up", "down", "refund", "undo",
        "mode", "damage",
    };

    /// <summary>The key of this name; false where there is none.</summary>
    public static bool TryParse(string name, out TillKey key)
    {
        key = new(name);
        return Names.Contains(name);
    }
}
