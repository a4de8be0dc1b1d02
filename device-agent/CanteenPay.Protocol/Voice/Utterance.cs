namespace CanteenPay.Protocol;

/// <summary>One thing that a machine says, in words and in clips.</summary>
/// <param name="Clips">The clips, in order.</param>
public sealed record Utterance(IReadOnlyList<Clip> Clips)
{
    /// <summary>The words: 支付宝收款十二点五元.</summary>
    public string Words => string.Concat(Clips.Select(clip => clip.Words));

    /// <summary>The ids of the clips as a message carries them.</summary>
    public IReadOnlyList<string> ClipIds => [.. Clips.Select(clip => clip.Id)];

    /// <summary>What is said when money has arrived.</summary>
    public static Utterance Paid(Fen amount, Wallet? wallet) => new([Clip.Received(wallet), .. Clip.Amount(amount)]);

    /// <summary>What is said when money went back: 十二点五元已退款.</summary>
    public static Utterance Refunded(Fen amount) => new([.. Clip.Amount(amount), Clip.Refunded]);

    /// <summary>What is said when a card has paid: 消费十二点五元.</summary>
    public static Utterance Spent(Fen amount) => new([Clip.Spent, .. Clip.Amount(amount)]);

    /// <summary>What is said when a card was counted: 计次成功.</summary>
    public static Utterance Counted { get; } = new([Clip.Counted]);

    /// <summary>What is said when a tap was taken back: 十二点五元已撤销.</summary>
    public static Utterance Undone(Fen amount) => new([.. Clip.Amount(amount), Clip.Undone]);

    /// <summary>The same about an order that is not on the screen: 上一笔 first.</summary>
    public Utterance AboutPrevious() => new([Clip.Previous, .. Clips]);
}
