using CanteenPay.Lunch.Diners;
using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Machines;

/// <summary>The cashier of one machine: keys the amount, shows the QR, looks at the screen, cancels. One diner after the other.</summary>
internal sealed class Cashier(MachinePage page, Keypad keypad, CardCashier cards, SeenOrders seen, DinerPhone phone, TimeProvider time)
{
    private const int Tries = 3;

    /// <summary>The machine itself gives up after 8 s, and a successor has 8 s of its own.</summary>
    private static readonly TimeSpan QrShown = TimeSpan.FromSeconds(20);

    /// <summary>The diner shows the phone that says "paid"; so long the next one waits.</summary>
    private static readonly TimeSpan Green = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan QueueLook = TimeSpan.FromMilliseconds(500);

    /// <summary>Serves a diner.</summary>
    /// <param name="diner">Who.</param>
    /// <param name="somebodyWaits">Whether the next one is there already.</param>
    /// <param name="cancellationToken">The lunch is broken off.</param>
    public async Task<Visit> ServeAsync(Diner diner, Func<bool> somebodyWaits, CancellationToken cancellationToken)
    {
        if (diner.Card is not null)
            return await cards.ServeAsync(diner, cancellationToken);
        List<string> orders = [];
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var view = await RequestAsync(diner.Amount, orders, cancellationToken);
            if (view is { State: "paid" })
                return new(diner, VisitEnd.SawPaid, orders, Phone: null);
            if (view is { State: "qr", OrderId: { } orderId })
                return await AtTheQrAsync(diner, orderId, orders, somebodyWaits, cancellationToken);
        }

        return new(diner, VisitEnd.NoQr, orders, Phone: null);
    }

    /// <summary>Keys an amount and presses cloud pay: what the screen shows once it no longer waits; null when the keys did not get through.</summary>
    private async Task<ScreenView?> RequestAsync(Fen amount, List<string> orders, CancellationToken cancellationToken)
    {
        // Without a link there is no QR; a card would not mind.
        if (await page.SeeAsync(view => view.Online, Keypad.MachineBack, cancellationToken) is null || !await keypad.KeyAsync(amount, cancellationToken))
            return null;
        var pressedAt = time.GetUtcNow();
        if (!await page.PressAsync("pay", cancellationToken)
            || await page.SeeAsync(view => view.OrderId is not null || view.Notice, QrShown, cancellationToken) is not { OrderId: { } orderId })
        {
            return null;
        }

        seen.Pressed(orderId, pressedAt);
        orders.Add(orderId);
        var shown = await page.SeeAsync(view => view.State != "requesting", QrShown, cancellationToken);
        // A machine makes one successor by itself when a QR was lost.
        if (shown?.OrderId is { } successor && successor != orderId)
            orders.Add(successor);
        return shown;
    }

    private async Task<Visit> AtTheQrAsync(Diner diner, string orderId, List<string> orders, Func<bool> somebodyWaits, CancellationToken cancellationToken)
    {
        await Task.Delay(diner.Hesitates, time, cancellationToken);
        switch (diner.Habit)
        {
            case Habit.Pays:
                var said = await phone.PayAsync(orderId, diner.Wallet, cancellationToken);
                return new(diner, await AfterPayingAsync(orderId, cancellationToken), orders, said);
            case Habit.WalksAway:
                await UntilSomebodyWaitsAsync(orderId, somebodyWaits, cancellationToken);
                break;
        }

        var view = await page.SeeAsync(static _ => true, Keypad.MachineBack, cancellationToken);
        if (view is { State: "qr" } && view.OrderId == orderId)
            await page.PressAsync("cancel", cancellationToken);
        return new(diner, diner.Habit is Habit.PaysAfterCancel or Habit.PaysAfterExpiry ? VisitEnd.TriedLate : VisitEnd.LeftWithoutPaying, orders, Phone: null);
    }

    private async Task<VisitEnd> AfterPayingAsync(string orderId, CancellationToken cancellationToken)
    {
        var view = await page.SeeAsync(shown => !Shows(shown, orderId, "qr"), Green, cancellationToken);
        if (view is not null && Shows(view, orderId, "paid"))
            return VisitEnd.SawPaid;
        if (view is not null)
            return VisitEnd.Interrupted;
        await page.PressAsync("cancel", cancellationToken);
        return VisitEnd.PaidWithoutGreen;
    }

    private async Task UntilSomebodyWaitsAsync(string orderId, Func<bool> somebodyWaits, CancellationToken cancellationToken)
    {
        while (!somebodyWaits() && await page.SeeAsync(view => !Shows(view, orderId, "qr"), QueueLook, cancellationToken) is null)
        {
            // The QR stands, and nobody minds.
        }
    }

    private static bool Shows(ScreenView view, string orderId, string state) => view.OrderId == orderId && view.State == state;
}
