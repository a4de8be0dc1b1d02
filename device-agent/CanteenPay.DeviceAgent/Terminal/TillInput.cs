using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>What reaches the till from its surroundings, before clock, chance and memory are added to it.</summary>
internal abstract record TillInput;

/// <summary>A key was pressed, on the screen or on a keyboard.</summary>
internal sealed record KeyPressed(TillKey Key) : TillInput;

/// <summary>A message of the cloud about a payment.</summary>
/// <param name="Message">What arrived.</param>
/// <param name="ReceivedAt">When, by the steady clock.</param>
/// <param name="Expiry">What was left of its life then; null when it has no end.</param>
internal sealed record CloudSaid(DeviceMessage Message, DateTimeOffset ReceivedAt, TimeSpan? Expiry) : TillInput;

/// <summary>Time has passed, or the link is to be looked at.</summary>
internal sealed record ClockTicked : TillInput;

/// <summary>A key by its name on the page: <c>0</c>–<c>9</c>, <c>dot</c>, <c>backspace</c>, <c>clear</c>, <c>pay</c>, <c>cancel</c>, <c>list</c>.</summary>
internal readonly record struct TillKey(string Name)
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "dot", "backspace", "clear", "pay", "cancel", "list",
    };

    /// <summary>The key of this name; false where there is none.</summary>
    public static bool TryParse(string name, out TillKey key)
    {
        key = new(name);
        return Names.Contains(name);
    }

    /// <summary>The key as an event of the till.</summary>
    public TillEvent At(DateTimeOffset at, Func<FreshOrder?> fresh) => Name switch
    {
        [>= '0' and <= '9' and var digit] => new DigitPressed(at, digit - '0'),
        "dot" => new DotPressed(at),
        "backspace" => new BackspacePressed(at),
        "clear" => new ClearPressed(at),
        "pay" => new PayPressed(at, fresh()),
        "cancel" => new CancelPressed(at),
        "list" => new ListPressed(at),
        _ => throw new InvalidOperationException($"'{Name}' is not a key."),
    };
}
