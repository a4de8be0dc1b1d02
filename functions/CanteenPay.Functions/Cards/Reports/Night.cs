using System.Text.Json;
using CanteenPay.Azure.Functions;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>The night's chores: a message for each merchant, so that one that cannot be done keeps nobody from the others.</summary>
internal sealed class Night(MerchantRegistry merchants, ServiceBusClient serviceBus, TimeProvider clock)
{
    private readonly ServiceBusSender _sender = serviceBus.CreateSender(FeedWake.Queue);

    /// <summary>01:30 in Asia/Shanghai; timers run by UTC.</summary>
    [Function("Night")]
    public async Task RunAsync([TimerTrigger("0 30 17 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var day = BusinessDay.Key(BusinessDay.Of(clock.GetUtcNow()));
        await foreach (var merchant in merchants.ListAsync(cancellationToken))
        {
            var message = new CardFeedMessage(merchant.Id, CardFeedKind.Check);
            await _sender.SendMessageAsync(
                new ServiceBusMessage(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, FunctionsJson.Default.CardFeedMessage)))
                {
                    MessageId = $"check-{merchant.Id}-{day}",
                },
                cancellationToken);
        }
    }
}
