using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Taps;

/// <summary>Whatever is refused has its words in both languages, and a refused card a sound that no other refusal has.</summary>
public sealed class Refusal_words
{
    private static readonly Texts Chinese = Texts.In("zh-CN");
    private static readonly Texts English = Texts.In("en");

    private static void ShouldBeSaidInBoth(IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            Chinese.Of(key).Main.ShouldContain(letter => letter >= '一' && letter <= '鿿', key);
            English.Of(key).Main.ShouldNotContain(letter => letter >= '一' && letter <= '鿿', key);
            English.Of(key).Main.ShouldNotBeNullOrWhiteSpace(key);
        }

        keys.Select(key => Chinese.Of(key).Main).ShouldBeUnique();
        keys.Select(key => English.Of(key).Main).ShouldBeUnique();
    }

    [Fact]
    public void Every_refusal_of_a_card_stands_on_the_screen_in_words_of_its_own() =>
        ShouldBeSaidInBoth([.. Enum.GetValues<TapRefusal>().Select(why => "refusal." + OrderTexts.Lower(why))]);

    [Fact]
    public void Every_sentence_for_the_cashier_is_another_one() =>
        ShouldBeSaidInBoth([.. Enum.GetValues<Notice>().Select(notice => "notice." + OrderTexts.Lower(notice))]);

    [Fact]
    public void Every_refusal_of_a_card_is_said_aloud_in_words_of_its_own()
    {
        var said = Enum.GetValues<TapRefusal>().Select(why => TapWords.Of(why)).ToList();

        said.ShouldAllBe(utterance => utterance.ClipIds.Count == 1);
        said.Select(utterance => utterance.Words).ShouldBeUnique();
        said.SelectMany(utterance => utterance.ClipIds).ShouldBeUnique();
    }

    [Fact]
    public void No_two_clips_sound_the_same()
    {
        Clip.All.Select(clip => clip.Words).ShouldBeUnique();
        Clip.All.Select(clip => Convert.ToHexString(EmbeddedFile.Read($"clips/{clip.Id}.wav"))).ShouldBeUnique();
    }
}
