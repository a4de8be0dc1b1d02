using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Cards.Reports;

namespace CanteenPay.Functions.Cards;

/// <summary>What is done about a merchant's cards as a whole: queue <c>card-feed</c>.</summary>
internal sealed class CardFeed(FeedAdvance feed, FeedWake wake, ClosedLoop loop, CheckCalls checks, Random chance, ILogger<CardFeed> logger)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5);

    /// <summary>Takes one message. Safe to run again after any step, and beside another one.</summary>
    [Function("CardFeed")]
    public async Task RunAsync([ServiceBusTrigger(FeedWake.Queue, Connection = "ServiceBus")] CardFeedMessage message, CancellationToken cancellationToken)
    {
        switch (message.Kind)
        {
            case CardFeedKind.Advance:
                await AdvanceAsync(message, cancellationToken);
                break;
            case CardFeedKind.Check:
                if (await loop.CheckAsync(message.MerchantId, cancellationToken) is { IsSettled: false })
                    await checks.CallAgainAsync(message, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"Nobody knows how to {message.Kind} the cards of merchant {message.MerchantId}.");
        }
    }

    private async Task AdvanceAsync(CardFeedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await feed.AdvanceAsync(message.MerchantId, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A failed invocation would come back at once, ten times. Waiting is ours.
            var wait = ShortestWait * (1 + chance.NextDouble());
            CardLog.FeedFailed(logger, e, message.MerchantId.Value, wait.TotalSeconds);
            await wake.WakeLaterAsync(message.MerchantId, wait, cancellationToken);
        }
    }
}
