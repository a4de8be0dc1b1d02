using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>
/// Wakes a merchant's feed by the queue <c>card-feed</c>: the fast path, not the guardian. All who wake it within three seconds send one message between them
/// (the queue drops the others by their id), and that one is due after the last of them has committed.
/// </summary>
internal sealed class FeedWake(ServiceBusClient serviceBus, TimeProvider clock)
{
    /// <summary>The queue.</summary>
    public const string Queue = "card-feed";

    private const long SlotSeconds = 3;

    /// <summary>Clocks of instances may differ by so much: the message of a slot comes after everything that was committed in it.</summary>
    private static readonly TimeSpan AfterSlot = TimeSpan.FromSeconds(2);

    private readonly ServiceBusSender _sender = serviceBus.CreateSender(Queue);

    /// <summary>Wakes it. To be called after the change was committed, never before.</summary>
    public Task WakeAsync(MerchantId merchant, CancellationToken cancellationToken) => WakeLaterAsync(merchant, TimeSpan.Zero, cancellationToken);

    /// <summary>Wakes it after a while.</summary>
    public Task WakeLaterAsync(MerchantId merchant, TimeSpan wait, CancellationToken cancellationToken)
    {
        var slot = (clock.GetUtcNow() + wait).ToUnixTimeSeconds() / SlotSeconds;
        var message = new CardFeedMessage(merchant, CardFeedKind.Advance);
        return _sender.SendMessageAsync(
            new ServiceBusMessage(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, FunctionsJson.Default.CardFeedMessage)))
            {
                MessageId = string.Create(CultureInfo.InvariantCulture, $"feed-{merchant}-{slot}"),
                ScheduledEnqueueTime = DateTimeOffset.FromUnixTimeSeconds((slot + 1) * SlotSeconds) + AfterSlot,
            },
            cancellationToken);
    }
}

/// <summary>A message of the queue <c>card-feed</c>.</summary>
/// <param name="MerchantId">Whose cards.</param>
/// <param name="Kind">What is to be done.</param>
internal sealed record CardFeedMessage(MerchantId MerchantId, CardFeedKind Kind)
{
    /// <summary>How often a check was tried before.</summary>
    public int Attempt { get; init; }
}

/// <summary>What is to be done about a merchant's cards.</summary>
internal enum CardFeedKind
{
    /// <summary>Take up changes and publish them.</summary>
    Advance,

    /// <summary>The nightly closed loop.</summary>
    Check,
}
