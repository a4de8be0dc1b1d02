using System.Collections.Concurrent;
using System.Diagnostics;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.DeviceAgent.Tests;

public sealed class Voice_and_clips
{
    private readonly ManualTime time = new(TillRig.Noon);

    [Fact]
    public void An_utterance_is_its_clips_joined_byte_for_byte_under_one_header()
    {
        var utterance = Utterance.Paid(new Fen(1250), Wallet.Alipay);

        var wave = ClipLibrary.Wave(utterance);

        var samples = utterance.ClipIds.SelectMany(id => EmbeddedFile.Read($"clips/{id}.wav").Skip(44)).ToArray();
        wave[44..].ShouldBe(samples);
        utterance.ClipIds.ShouldBe(["alipay", "10", "2", "point", "5", "yuan"]);
        BitConverter.ToInt32(wave, 4).ShouldBe(wave.Length - 8);
        BitConverter.ToInt32(wave, 40).ShouldBe(samples.Length);
    }

    [Fact]
    public void A_clip_in_another_format_is_refused()
    {
        var clip = EmbeddedFile.Read("clips/yuan.wav");
        clip[24] ^= 1;

        Should.Throw<InvalidDataException>(() => Wave.Samples(clip));
        Should.Throw<InvalidDataException>(() => Wave.Samples(clip.AsMemory(0, 40)));
    }

    [Fact]
    public async Task Every_clip_there_is_was_recorded_clean_and_equally_loud()
    {
        using var files = new TestFolder();
        foreach (var clip in Clip.All)
        {
            var file = files.File("clip.wav");
            await File.WriteAllBytesAsync(file, EmbeddedFile.Read($"clips/{clip.Id}.wav"));
            (await SoxAsync("--i", "-r", file)).ShouldBe("16000", clip.Id);
            (await SoxAsync("--i", "-b", file)).ShouldBe("16", clip.Id);
            (await SoxAsync("--i", "-c", file)).ShouldBe("1", clip.Id);
            var measured = (await SoxAsync(file, "-n", "stats")).Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
            double Of(params string[] name) => double.Parse(measured.First(words => words.Take(name.Length).SequenceEqual(name))[name.Length]);

            Of("Length", "s").ShouldBeInRange(0.2, 1.6, clip.Id);
            Of("Pk", "lev", "dB").ShouldBeInRange(-6, -0.3, clip.Id);
            Of("RMS", "lev", "dB").ShouldBeInRange(-16.5, -15.5, clip.Id);
        }
    }

    private static async Task<string> SoxAsync(params string[] arguments)
    {
        using var sox = Process.Start(new ProcessStartInfo("sox", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var texts = await Task.WhenAll(sox.StandardOutput.ReadToEndAsync(), sox.StandardError.ReadToEndAsync());
        await sox.WaitForExitAsync();
        sox.ExitCode.ShouldBe(0, texts[1]);
        return string.Concat(texts).Trim();
    }

    /// <summary>A speaker that plays until it is told to stop.</summary>
    private sealed class SlowSpeaker : ISpeaker
    {
        private readonly SemaphoreSlim over = new(0);
        private int playing;

        public ConcurrentQueue<string> Played { get; } = [];

        public int MostAtOnce { get; private set; }

        public string Name => "slow";

        public bool IsPage => false;

        public async Task PlayAsync(SpokenWords words, CancellationToken cancellationToken)
        {
            Played.Enqueue(words.Words);
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref playing));
            await over.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref playing);
        }

        public void Finish(int count) => over.Release(count);
    }

    private async Task<(Announcer Announcer, SlowSpeaker Speaker)> StartAsync()
    {
        var speaker = new SlowSpeaker();
        var announcer = new Announcer(speaker, new ScreenBoard(), new MachineClock(time), NullLogger<Announcer>.Instance);
        await announcer.StartAsync(CancellationToken.None);
        return (announcer, speaker);
    }

    private static Speak Say(int yuan, double secondsLeft = 60) => new(
        OrderId.New(new DateOnly(2026, 11, 22), TillRig.Merchant, TillRig.Device), Utterance.Paid(new Fen(yuan * 100), null), TillRig.Noon.AddSeconds(secondsLeft));

    [Fact]
    public async Task Utterances_never_overlap_and_of_more_than_five_that_wait_the_oldest_is_dropped()
    {
        var (announcer, speaker) = await StartAsync();
        announcer.Enqueue(Say(1));
        await Eventually.IsTrueAsync(() => speaker.Played.Count == 1, "the first");
        foreach (var yuan in Enumerable.Range(2, 6))
            announcer.Enqueue(Say(yuan));

        speaker.Finish(7);

        await Eventually.IsTrueAsync(() => speaker.Played.Count == 6, "the others");
        speaker.Played.ShouldBe(new[] { 1, 3, 4, 5, 6, 7 }.Select(yuan => Utterance.Paid(new Fen(yuan * 100), null).Words));
        speaker.MostAtOnce.ShouldBe(1);
        await announcer.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_became_too_old_while_it_waited_is_not_said()
    {
        var (announcer, speaker) = await StartAsync();
        announcer.Enqueue(Say(1));
        await Eventually.IsTrueAsync(() => speaker.Played.Count == 1, "the first");
        announcer.Enqueue(Say(2, secondsLeft: 10));
        announcer.Enqueue(Say(3, secondsLeft: 60));

        time.Pass(TimeSpan.FromSeconds(10));
        speaker.Finish(3);

        await Eventually.IsTrueAsync(() => speaker.Played.Count == 2, "the third");
        speaker.Played.Last().ShouldBe("收款成功三元");
        await announcer.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_speaker_program_that_is_missing_or_fails_is_an_error_of_one_utterance()
    {
        var words = new SpokenWords("X", Say(1).OrderId, "一元", ClipLibrary.Wave(Utterance.Paid(new Fen(100), null)), TillRig.Noon);

        await Should.ThrowAsync<SpeakerException>(() => new AplaySpeaker("no-such-player", TimeProvider.System).PlayAsync(words, CancellationToken.None));
        await Should.ThrowAsync<SpeakerException>(() => new AplaySpeaker("false", TimeProvider.System).PlayAsync(words, CancellationToken.None));
    }
}
