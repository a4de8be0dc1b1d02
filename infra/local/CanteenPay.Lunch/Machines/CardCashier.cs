using CanteenPay.Lunch.Diners;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Machines;

/// <summary>The cashier of one machine with diners who tap: keys the amount, lets the card be presented, looks at the screen.</summary>
internal sealed class CardCashier(MachinePage page, Keypad keypad, LunchMerchant merchant, TimeProvider time)
{
    private const int Tries = 3;
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(10);

    /// <summary>The same card is debited once within it.</summary>
    private static readonly TimeSpan SameCard = TimeSpan.FromSeconds(3.5);

    /// <summary>Serves a diner with a card.</summary>
    public async Task<Visit> ServeAsync(Diner diner, CancellationToken cancellationToken)
    {
        var card = merchant.CardNo(diner.Card ?? throw new ArgumentException($"Diner {diner.Number} has no card.", nameof(diner)));
        var tap = await TapAsync(diner, card, cancellationToken);
        if (tap is null or { Refusal: not null } || diner.Habit == Habit.Taps)
            return Ended(diner, tap, VisitEnd.Tapped);
        if (diner.Habit == Habit.TapsTwice)
        {
            await page.PresentAsync(card, cancellationToken);
            return Ended(diner, tap, VisitEnd.Tapped);
        }

        // The amount was wrong: taken back, and made again.
        await page.PressAsync("undo", cancellationToken);
        var undone = await page.SeeAsync(view => view.Tap is { Kind: "reversal" }, Shown, cancellationToken);
        return undone is null ? Ended(diner, tap, VisitEnd.Tapped) : Ended(diner, await TapAsync(diner, card, cancellationToken), VisitEnd.TappedAgain);
    }

    /// <summary>What a card can spend, in yuan, as this machine knows; null when it shows nothing of the kind.</summary>
    public async Task<string?> BalanceAsync(string card, CancellationToken cancellationToken)
    {
        await page.PressAsync("clear", cancellationToken);
        var before = (await page.SeeAsync(static _ => true, Keypad.MachineBack, cancellationToken))?.Tap?.Id;
        if (!await page.PresentAsync(card, cancellationToken))
            return null;
        return (await page.SeeAsync(view => view.Tap is { } tap && tap.Id != before, Shown, cancellationToken))?.Tap?.Balance;
    }

    private static Visit Ended(Diner diner, TapLine? tap, VisitEnd approved)
    {
        var end = tap is null ? VisitEnd.TapUnseen : tap.Refusal is null ? approved : VisitEnd.TapRefused;
        return new Visit(diner, end, [], Phone: null) { Refusal = tap?.Refusal };
    }

    /// <summary>What came of a card; null when that was not to be seen.</summary>
    private async Task<TapLine?> TapAsync(Diner diner, string card, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var before = await page.SeeAsync(static _ => true, Keypad.MachineBack, cancellationToken);
            if (before is null || !await keypad.KeyAsync(diner.Amount, cancellationToken))
                continue;
            await page.PresentAsync(card, cancellationToken);
            var view = await page.SeeAsync(view => view.Notice || view.Tap is { } tap && tap.Id != before.Tap?.Id, Shown, cancellationToken);
            if (view?.Tap is { Repeated: false } tap && !view.Notice)
                return tap;
            // The machine may have died after it had stored the tap: it shows it as the previous one then.
            if (view is null && await AfterAsync(before, cancellationToken) is { } stored)
                return stored;
            if (view is not null)
                await Task.Delay(SameCard, time, cancellationToken);
        }

        return null;
    }

    private async Task<TapLine?> AfterAsync(ScreenView before, CancellationToken cancellationToken)
    {
        var back = await page.SeeAsync(static _ => true, Keypad.MachineBack, cancellationToken);
        return back?.Previous?.TapId is { } last && last != before.Previous?.TapId && last != before.Tap?.TapId
            ? new(last, last, "debit", Amount: null, Balance: null, Refusal: null, Repeated: false)
            : null;
    }
}
