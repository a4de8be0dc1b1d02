using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Machines;

/// <summary>The keys of one machine under a cashier's fingers.</summary>
internal sealed class Keypad(MachinePage page, TimeProvider time)
{
    /// <summary>A machine that was killed is back sooner.</summary>
    public static readonly TimeSpan MachineBack = TimeSpan.FromSeconds(40);

    /// <summary>A cashier keys about six digits a second.</summary>
    private static readonly TimeSpan BetweenKeys = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan KeysShown = TimeSpan.FromSeconds(5);

    /// <summary>A free screen, the keys, and a look whether the amount stands there.</summary>
    public async Task<bool> KeyAsync(Fen amount, CancellationToken cancellationToken)
    {
        if (await page.SeeAsync(static _ => true, MachineBack, cancellationToken) is not { } view)
            return false;
        if (view.IsBusy)
            await page.PressAsync("cancel", cancellationToken);
        var text = amount.ToString();
        foreach (var key in text.Select(letter => letter == '.' ? "dot" : $"{letter}").Prepend("clear"))
        {
            if (!await page.PressAsync(key, cancellationToken))
                return false;
            await Task.Delay(BetweenKeys, time, cancellationToken);
        }

        return await page.SeeAsync(shown => shown.OrderId is null && shown.Amount == text, KeysShown, cancellationToken) is not null;
    }
}
