using System.Globalization;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>Orders in words: the line of the previous payment and the rows of the list.</summary>
internal sealed class OrderTexts(Texts texts)
{
    /// <summary>Rows that are sent at a time: a page shows eight, and scrolls the rest.</summary>
    public const int MaxRows = 40;

    /// <summary>The colour of an order.</summary>
    public static string Tone(Order order) => order switch
    {
        { Disputed: true } => "bad",
        { Refund.IsEnded: false } => "wait",
        { Stage: OrderStage.Paid } => "good",
        { IsEnded: true } => "bad",
        _ => "wait",
    };

    /// <summary>An amount, the same in both languages.</summary>
    public static Phrase Amount(Fen amount) => Phrase.Same(amount.ToString());

#pragma warning disable CA1308 // Keys of the text files are in lower case.
    /// <summary>The name of a value in the text files.</summary>
    public static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>Whether 退款 makes sense for it today.</summary>
    public static bool IsRefundable(Order order, DateOnly today) => RefundRules.Refusal(order, today) is null;

    /// <summary>The line of the previous payment.</summary>
    public Phrase Previous(Order order) => texts.Of(
        "previous", ("amount", Amount(order.Amount)), ("stage", WithRefund(order)), ("time", Phrase.Same(Time(order, "HH:mm"))));

    /// <summary>The payment that a refund is of.</summary>
    public Phrase Paid(Order order) => texts.Of(
        "refund.of", ("amount", Amount(order.Amount)), ("stage", Stage(order)), ("time", Phrase.Same(Time(order, "HH:mm:ss"))));

    /// <summary>The rows around the one that is chosen, or the first ones.</summary>
    public IReadOnlyList<HistoryRow> Window(IReadOnlyList<Order> list, OrderId? chosen, DateOnly today)
    {
        var first = Math.Clamp((TillList.IndexOf(list, chosen) ?? 0) - MaxRows / 2, 0, Math.Max(0, list.Count - MaxRows));
        return [.. list.Skip(first).Take(MaxRows).Select(order => Row(order, chosen, today))];
    }

    /// <summary>The wallet that paid.</summary>
    public Phrase WalletOf(Order order) => texts.Of("wallet." + (order.Wallet is { } wallet ? Lower(wallet) : "unknown"));

    private HistoryRow Row(Order order, OrderId? chosen, DateOnly today) => new(
        order.Id.Value,
        Time(order, BusinessDay.Of(order.RequestedAt) == today ? "HH:mm:ss" : "MM-dd HH:mm"),
        order.Amount.ToString(),
        Stage(order),
        Tone(order),
        Refund(order),
        IsRefundable(order, today),
        order.Id == chosen);

    private Phrase Stage(Order order) => texts.Of(order.Disputed ? "stage.disputed" : "stage." + Lower(order.Stage), ("wallet", WalletOf(order)));

    private Phrase WithRefund(Order order) =>
        Refund(order) is { } refund ? texts.Of("previous.refund", ("stage", Stage(order)), ("refund", refund)) : Stage(order);

    /// <summary>What went back so far, and how the newest refund of this till stands.</summary>
    private Phrase? Refund(Order order)
    {
        var gone = order.RefundedSoFar > Fen.Zero && order.Stage != OrderStage.Refunded ? texts.Of("refund.gone", ("amount", Amount(order.RefundedSoFar))) : null;
        var newest = order.Refund switch
        {
            { IsEnded: false } running => texts.Of("refund.row.running", ("amount", Amount(running.Amount))),
            { Stage: RefundStage.Refused } refused when order.Stage == OrderStage.Paid =>
                texts.Of("refund.row.refused", ("amount", Amount(refused.Amount)), ("reason", refused.Refusal is { } words ? texts.Of(words) : Phrase.Same(""))),
            _ => null,
        };
        return (gone, newest) switch
        {
            (null, _) => newest,
            (_, null) => gone,
            _ => new($"{gone.Main} {newest.Main}", $"{gone.Small} {newest.Small}"),
        };
    }

    private static string Time(Order order, string format) => BusinessDay.Local(order.RequestedAt).ToString(format, CultureInfo.InvariantCulture);
}
