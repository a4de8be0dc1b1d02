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

    /// <summary>The same about an order that is not on the screen: 上一笔 first.</summary>
    public Utterance AboutPrevious() => new([Clip.Previous, .. Clips]);
}
