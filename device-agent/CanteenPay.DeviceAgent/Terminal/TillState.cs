using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>Everything that the till shows.</summary>
internal sealed record TillState
{
    /// <summary>The till as it is switched on.</summary>
    public static readonly TillState Start = new();

    /// <summary>What the middle of the screen is about.</summary>
    public Face Face { get; init; } = Keying.Empty;

    /// <summary>The order in the line of the previous payment.</summary>
    public Order? Previous { get; init; }

    /// <summary>The tap in that line, in the place of the order; null when the order is.</summary>
    public Tap? PreviousTap { get; init; }

    /// <summary>How cards are taken; null when the merchant takes none.</summary>
    public CardDesk? Cards { get; init; }

    /// <summary>The link to the cloud is up.</summary>
    public bool Online { get; init; }

    /// <summary>Why there is no link, for whoever mends it; null while there is one.</summary>
    public string? LinkError { get; init; }

    /// <summary>A sentence for the cashier, and until when.</summary>
    public (Notice Notice, DateTimeOffset Until)? Notice { get; init; }

    /// <summary>Until when the list of the last payments covers the keypad; null when it does not.</summary>
    public DateTimeOffset? ListUntil { get; init; }

    /// <summary>The list is the one of taps.</summary>
    public bool ListsTaps { get; init; }

    /// <summary>The order that is chosen in the list.</summary>
    public OrderId? Chosen { get; init; }

    /// <summary>The database was damaged and set aside, and no manager has confirmed it yet.</summary>
    public Damage? Damage { get; init; }

    /// <summary>The order that 退款 would be about: the one chosen in the list, else the one on the screen, else the previous one. A tap is not refunded, but undone.</summary>
    public OrderId? RefundTarget => (ListUntil, Face) switch
    {
        (not null, _) => Chosen,
        (_, Ended ended) => ended.Order.Id,
        (_, TapShown) => null,
        _ => PreviousTap is null ? Previous?.Id : null,
    };

    /// <summary>What is to be paid, as keyed: a card pays it, or cloud pay.</summary>
    public Keying Asked => Face switch
    {
        Keying keying => keying,
        TapShown shown => shown.Kept,
        _ => Keying.Empty,
    };

    /// <summary>Neither a card nor a manager has a turn: somebody pays by phone, or a manager is being asked.</summary>
    public bool IsBusy => OpenOnScreen is not null || Face is ManagerFace or WaitingForTime;

    /// <summary>The order that waits for its diner; null when the till is free.</summary>
    public Order? OpenOnScreen => Face switch
    {
        WaitingForQr waiting => waiting.Order,
        ShowingQr showing => showing.Order,
        _ => null,
    };
}

/// <summary>What the middle of the screen is about.</summary>
internal abstract record Face;

/// <summary>Cloud pay was pressed before the cloud told its time: the order is made as soon as it is known, or with the machine's own after a while.</summary>
/// <param name="Keyed">What was keyed.</param>
/// <param name="Amount">What is to be paid, in fen.</param>
/// <param name="PressedAt">When.</param>
internal sealed record WaitingForTime(Keying Keyed, Fen Amount, DateTimeOffset PressedAt) : Face;

/// <summary>The cloud was asked for a QR.</summary>
internal sealed record WaitingForQr(Order Order, DateTimeOffset Until) : Face;

/// <summary>The QR is on the screen.</summary>
internal sealed record ShowingQr(Order Order, string Qr, DateTimeOffset From, DateTimeOffset Until) : Face;

/// <summary>How it ended, until a key or for a while.</summary>
internal sealed record Ended(Order Order, Ending Ending, DateTimeOffset Until) : Face;

/// <summary>How an order left the screen.</summary>
internal enum Ending
{
    /// <summary>The money has arrived.</summary>
    Paid,

    /// <summary>The cloud refused.</summary>
    Refused,

    /// <summary>网络繁忙: no QR came.</summary>
    NoQr,

    /// <summary>The time to pay ran out, here or at the cloud; whether it was paid is being checked.</summary>
    Expired,

    /// <summary>The cloud closed it.</summary>
    Closed,

    /// <summary>The channel failed it.</summary>
    Failed,

    /// <summary>迟到付款，退款中.</summary>
    Refunding,

    /// <summary>The money went back.</summary>
    Refunded,

    /// <summary>The cloud said "paid" and also that it was not.</summary>
    Disputed,
}

/// <summary>What became of a damaged database.</summary>
/// <param name="File">Name of the copy that was set aside.</param>
/// <param name="Exported">Rows that could still be read, written beside it.</param>
/// <param name="TakenOver">Orders without an end among them, which go on.</param>
internal sealed record Damage(string File, int Exported, int TakenOver)
{
    /// <summary>Unsent entries of taps that go on in the new one.</summary>
    public int TapsTakenOver { get; init; }

    /// <summary>Entries of taps that are possibly unsent and cannot be read any more, as far as they are known to have been.</summary>
    public int TapsLost { get; init; }
}
