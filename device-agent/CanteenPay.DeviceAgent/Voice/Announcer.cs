using System.Diagnostics;
using System.Threading.Channels;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Telemetry;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Voice;

/// <summary>
/// Speaks one utterance after another. Of more than five that wait the oldest is dropped (its text stays on the screen), and so is what has become too old
/// by the time its turn comes. Whether an order or a tap may be spoken of at all was decided, and stored, before it got here.
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
    private readonly Channel<Asked> waiting;

    public Announcer(ISpeaker speaker, ScreenBoard board, MachineClock clock, ILogger<Announcer> log)
    {
        (this.speaker, this.board, this.clock, this.log) = (speaker, board, clock, log);
        waiting = Channel.CreateBounded<Asked>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => log.NotSaid(dropped.Say.About, dropped.Say.Utterance.Words, "too many waited"));
    }

    /// <summary>Puts an utterance at the end of the queue.</summary>
    /// <param name="say">What to say.</param>
    /// <param name="paidAt">When the payment was made that it is about, by the steady clock, to measure how long the diner waits to hear it.</param>
    public void Enqueue(Say say, DateTimeOffset? paidAt = null) => waiting.Writer.TryWrite(new(say, paidAt, AgentSpans.Current));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        log.VoiceOutput(speaker.Name);
        await foreach (var asked in waiting.Reader.ReadEachAsync(stoppingToken))
            await SayAsync(asked, stoppingToken);
    }

    private async Task SayAsync(Asked asked, CancellationToken cancellationToken)
    {
        var say = asked.Say;
        if (clock.Steady >= say.NotAfter)
        {
            log.NotSaid(say.About, say.Utterance.Words, "too late");
            return;
        }

        var words = new SpokenWords(Crockford.Random(IdLength), (say as Speak)?.OrderId, say.Utterance.Words, ClipLibrary.Wave(say.Utterance), say.NotAfter)
        {
            TapId = (say as SpeakTap)?.TapId,
        };
        using var span = AgentSpans.Speak(asked.Traceparent);
        if (asked.PaidAt is { } paidAt)
            AgentMeters.Spoken(clock.Steady - paidAt);
        board.Say(words, speaker.IsPage);
        try
        {
            await speaker.PlayAsync(words, cancellationToken);
            log.Said(say.About, words.Words);
        }
        catch (SpeakerException e)
        {
            log.NotSaid(say.About, words.Words, e.Message);
            span?.SetStatus(ActivityStatusCode.Error);
        }
        finally
        {
            board.Said(words);
        }
    }

    /// <summary>What is to be said, how old the payment is, and the trace in which it was asked for.</summary>
    private sealed record Asked(Say Say, DateTimeOffset? PaidAt, string? Traceparent);
}
