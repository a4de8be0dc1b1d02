using System.Threading.Channels;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Voice;

/// <summary>
/// Speaks one utterance after another. Of more than five that wait the oldest is dropped (its text stays on the screen), and so is what has become too old
/// by the time its turn comes. Whether an order may be spoken at all was decided, and stored, before it got here.
/// </summary>
internal sealed class Announcer : BackgroundService
{
    /// <summary>Most utterances that wait.</summary>
    public const int MaxWaiting = 5;

    private const int IdLength = 12;

    private readonly ISpeaker speaker;
    private readonly ScreenBoard board;
    private readonly MachineClock clock;
    private readonly ILogger<Announcer> log;
    private readonly ClipLibrary clips = new();
    private readonly Channel<Speak> waiting;

    public Announcer(ISpeaker speaker, ScreenBoard board, MachineClock clock, ILogger<Announcer> log)
    {
        (this.speaker, this.board, this.clock, this.log) = (speaker, board, clock, log);
        waiting = Channel.CreateBounded<Speak>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => log.NotSaid(dropped.OrderId, dropped.Utterance.Words, "too many waited"));
    }

    /// <summary>Puts an utterance at the end of the queue.</summary>
    public void Enqueue(Speak speak) => waiting.Writer.TryWrite(speak);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        log.VoiceOutput(speaker.Name);
        await foreach (var speak in waiting.Reader.ReadEachAsync(stoppingToken))
            await SayAsync(speak, stoppingToken);
    }

    private async Task SayAsync(Speak speak, CancellationToken cancellationToken)
    {
        if (clock.Steady >= speak.NotAfter)
        {
            log.NotSaid(speak.OrderId, speak.Utterance.Words, "too late");
            return;
        }

        var words = new SpokenWords(Crockford.Random(IdLength), speak.OrderId, speak.Utterance.Words, clips.Wave(speak.Utterance), speak.NotAfter);
        board.Say(words, speaker.IsPage);
        try
        {
            await speaker.PlayAsync(words, cancellationToken);
            log.Said(speak.OrderId, words.Words);
        }
        catch (SpeakerException e)
        {
            log.NotSaid(speak.OrderId, words.Words, e.Message);
        }
        finally
        {
            board.Said(words);
        }
    }
}
