using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.Channels.Tests;

/// <summary>Many orders with a bank that does everything wrong at once: what the adapter says for sure is compared with the bank's book.</summary>
public sealed class TruthfulAdapterTests : IAsyncLifetime
{
    private static readonly TimeSpan CloseAfter = TimeSpan.FromMilliseconds(300);

    private LocalBank _bank = null!;

    private ChannelAccount Account => _bank.Account("MD5");

    // 5 minutes become 0.3 s.
    public async Task InitializeAsync() => _bank = await LocalBank.StartAsync(CloseAfter / TimeSpan.FromMinutes(5), timeout: TimeSpan.FromSeconds(20));

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Whatever_the_bank_does_nothing_definite_is_said_that_is_not_true(int seed)
    {
        await _bank.ChaosAsync(new
        {
            seed,
            refuseToConnect = 0.05,
            serverError = 0.1,
            lostAnswer = 0.2,
            unknown = 0.1,
            badSignature = 0.1,
            wrongMerchant = 0.1,
            notificationTwice = 0.3,
            notificationLost = 0.3,
            notificationBeforeCreateAnswer = 0.1,
            notificationAgainAfterClose = 0.3,
            payInLastSecondOfClosing = 0.3,
            payAfterClose = 0.3,
            refundRefused = 0.2,
        });
        var orders = Enumerable.Range(0, 40).Select(_ => _bank.Create()).ToList();
        foreach (var order in orders)
            await BeginAsync(order, pays: orders.IndexOf(order) % 2 == 0);
        var begun = TimeProvider.System.GetTimestamp();
        await Eventually.Until(() => TimeProvider.System.GetElapsedTime(begun) >= CloseAfter);
        foreach (var order in orders)
            await EndAsync(order);

        using var state = await _bank.Http.GetAsync($"{_bank.Url}/control/chaos");
        var done = (await state.Content.ReadFromJsonAsync<JsonNode>())!["done"]!;
        foreach (var fault in new[] { "refuseToConnect", "serverError", "lostAnswer", "unknown", "badSignature", "wrongMerchant", "payInLastSecondOfClosing", "payAfterClose", "refundRefused" })
            done[fault]!.GetValue<long>().ShouldBeGreaterThan(0, $"{fault} was never tried");

        // Chaos has ended: in the end every order has a definite answer, and it is the book's.
        await _bank.ChaosAsync(new { });
        foreach (var order in orders)
        {
            await Eventually.Until(async () =>
                (await _bank.Channel.QueryAsync(Account, order.OrderNo, default)).GetType() == DefiniteOf(await _bank.TruthAsync(order.OrderNo)));
        }

        _bank.Notifications.Select(n => _bank.Channel.ReadNotification(Account, n)).ShouldAllBe(n => n is NotificationOutcome.Paid || n is NotificationOutcome.Unknown);
    }

    private async Task BeginAsync(CreateQrOrder order, bool pays)
    {
        var outcome = await _bank.Channel.CreateQrOrderAsync(Account, order, default);
        var exists = await _bank.TruthAsync(order.OrderNo) is not null;
        if (outcome is CreateOutcome.Created)
            exists.ShouldBeTrue();
        outcome.ShouldNotBeOfType<CreateOutcome.Refused>("no fault is a refusal");
        if (pays && exists)
            await _bank.PayAsync(order.OrderNo);
    }

    /// <summary>Each definite answer is compared with the book as it stands right after it: nothing in it is ever taken back.</summary>
    private async Task EndAsync(CreateQrOrder order)
    {
        var refund = Orders.Refund(order.OrderNo);
        for (var n = 0; n < 3; n++)
        {
            if (await _bank.Channel.QueryAsync(Account, order.OrderNo, default) is PaymentOutcome.Paid paid)
                paid.Facts.AmountFen.ShouldBe((await _bank.TruthAsync(order.OrderNo))!["paidFen"]!.GetValue<long>());
            await CheckAsync(await _bank.Channel.CloseAsync(Account, order.OrderNo, default), order);
            await CheckAsync(await _bank.Channel.RefundAsync(Account, refund, default), order);
            await CheckAsync(await _bank.Channel.QueryRefundAsync(Account, refund, default), order);
        }
    }

    private static Type DefiniteOf(JsonNode? truth) =>
        truth is null ? typeof(PaymentOutcome.NotFound)
        : truth["paidFen"]!.GetValue<long>() > 0 ? typeof(PaymentOutcome.Paid)
        : truth["closed"]!.GetValue<bool>() ? typeof(PaymentOutcome.NotPaid)
        : typeof(PaymentOutcome.Waiting);

    private async Task CheckAsync(CloseOutcome outcome, CreateQrOrder order)
    {
        if (outcome is CloseOutcome.Closed)
            (await _bank.TruthAsync(order.OrderNo))!["closed"]!.GetValue<bool>().ShouldBeTrue();
        if (outcome is CloseOutcome.AlreadyPaid)
            (await _bank.TruthAsync(order.OrderNo))!["paidFen"]!.GetValue<long>().ShouldBe(order.AmountFen);
    }

    private async Task CheckAsync(RefundOutcome outcome, CreateQrOrder order)
    {
        if (outcome is RefundOutcome.Refunded refunded)
            (await _bank.TruthAsync(order.OrderNo))!["refunds"]!.AsArray().ShouldHaveSingleItem()!["fen"]!.GetValue<long>().ShouldBe(refunded.Facts.RefundFen);
        if (outcome is RefundOutcome.Refused)
            (await _bank.TruthAsync(order.OrderNo))!["refunds"]!.AsArray().ShouldBeEmpty();
    }
}
