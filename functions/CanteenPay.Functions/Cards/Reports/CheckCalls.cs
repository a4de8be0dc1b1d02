using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>Sends for checks of the closed loop.</summary>
internal sealed class CheckCalls(ServiceBusClient serviceBus, TimeProvider clock)
{
    /// <summary>From 01:30 until breakfast, when the canteens' accounts no longer hold still.</summary>
    private const int MostAttempts = 8;

    private static readonly TimeSpan Between = TimeSpan.FromMinutes(30);

    private readonly ServiceBusSender _sender = serviceBus.CreateSender(FeedWake.Queue);

    /// <summary>Sends for the night's check of a merchant; the same again that night is dropped by the queue.</summary>
    public Task CallAsync(MerchantId merchant, CancellationToken cancellationToken) => SendAsync(new(merchant, CardFeedKind.Check), TimeSpan.Zero, cancellationToken);

    /// <summary>Sends for it once more, later, when it could not say anything; until it was tried often enough.</summary>
    public async Task CallAgainAsync(CardFeedMessage check, CancellationToken cancellationToken)
    {
        if (check.Attempt + 1 < MostAttempts)
            await SendAsync(check with { Attempt = check.Attempt + 1 }, Between, cancellationToken);
    }

    private Task SendAsync(CardFeedMessage check, TimeSpan wait, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return _sender.SendMessageAsync(
            new ServiceBusMessage(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(check, FunctionsJson.Default.CardFeedMessage)))
            {
                MessageId = string.Create(CultureInfo.InvariantCulture, $"check-{check.MerchantId}-{BusinessDay.Key(BusinessDay.Of(now))}-{check.Attempt}"),
                ScheduledEnqueueTime = now + wait,
            },
            cancellationToken);
    }
}
