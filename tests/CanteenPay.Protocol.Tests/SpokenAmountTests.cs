using FsCheck.Fluent;

namespace CanteenPay.Protocol.Tests;

public sealed class SpokenAmountTests
{
    [Theory]
    [InlineData("12.50", "十二点五元")]
    [InlineData("0.05", "零点零五元")]
    [InlineData("0.50", "零点五元")]
    [InlineData("10", "十元")]
    [InlineData("19.99", "十九点九九元")]
    [InlineData("20", "二十元")]
    [InlineData("100.10", "一百点一元")]
    [InlineData("110", "一百一十元")]
    [InlineData("111", "一百一十一元")]
    [InlineData("200", "二百元")]
    [InlineData("1005", "一千零五元")]
    [InlineData("1005.30", "一千零五点三元")]
    [InlineData("1010", "一千零一十元")]
    [InlineData("1050", "一千零五十元")]
    [InlineData("10000", "一万元")]
    [InlineData("10005", "一万零五元")]
    [InlineData("10010", "一万零一十元")]
    [InlineData("10100", "一万零一百元")]
    [InlineData("11000", "一万一千元")]
    [InlineData("99999.99", "九万九千九百九十九点九九元")]
    [InlineData("100000", "十万元")]
    [InlineData("110010", "十一万零一十元")]
    [InlineData("0", "零元")]
    public void Amounts_are_read_as_a_Mandarin_speaker_reads_them(string amount, string words) => SpokenAmount.Words(Fen.Parse(amount)).ShouldBe(words);

    [Fact]
    public void Two_amounts_never_sound_the_same() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 9_999_999).Two().ToArbitrary(),
        pair => pair.Item1 == pair.Item2 || SpokenAmount.Words(new(pair.Item1)) != SpokenAmount.Words(new(pair.Item2))));

    [Fact]
    public void Every_keyable_amount_can_be_spoken_with_the_clips_there_are() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(1, 9_999_999).ToArbitrary(),
        fen => string.Concat(Clip.Amount(new(fen)).Select(clip => clip.Words)) == SpokenAmount.Words(new(fen))));

    [Theory]
    [InlineData(-1)]
    [InlineData(10_000_000_000)]
    public void An_amount_that_cannot_be_spoken_is_an_error(long fen) => Should.Throw<ArgumentOutOfRangeException>(() => SpokenAmount.Words(new(fen)));

    [Fact]
    public void An_utterance_begins_with_the_wallet_and_a_previous_one_says_so()
    {
        var paid = Utterance.Paid(Fen.Parse("12.50"), Wallet.Alipay);

        paid.Words.ShouldBe("支付宝收款十二点五元");
        paid.ClipIds.ShouldBe(["alipay", "10", "2", "point", "5", "yuan"]);
        paid.AboutPrevious().Words.ShouldBe("上一笔支付宝收款十二点五元");
        Utterance.Paid(Fen.Parse("1"), null).Words.ShouldBe("收款成功一元");
        Utterance.Refunded(Fen.Parse("1")).Words.ShouldBe("一元已退款");
    }

    [Fact]
    public void Each_clip_has_one_id_and_one_text()
    {
        Clip.All.Select(clip => clip.Id).Distinct().Count().ShouldBe(Clip.All.Count);
        Clip.All.Select(clip => clip.Words).Distinct().Count().ShouldBe(Clip.All.Count);
        Clip.All.Count.ShouldBe(48);
    }
}
