using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Devices;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Whether machines may still hold taps of an account that closes.</summary>
internal sealed class Settlement(CardStore cards, OperationStore store, DeviceRegistry devices)
{
    /// <summary>What is still waited for, in words; empty when every machine knows of the closing and has sent what it held. The operation as it is noted now.</summary>
    public async Task<(OperationRow Row, IReadOnlyList<string> Waits)> WaitsAsync(OperationRow row, CancellationToken cancellationToken)
    {
        if (row.KnownFrom is null)
        {
            if (await store.FeedBeyondAsync(row, step: 0, cancellationToken) is not { } version)
                return (row, ["The machines are being told: the merchant's feed has not taken it up yet."]);
            // Noted once: later changes of the feed are not waited for.
            if (await store.TryUpdateAsync(row with { KnownFrom = version }, cancellationToken) is not { } noted)
                return (row, ["Somebody else is at work on it."]);
            row = noted;
        }

        var journals = await cards.CursorsAsync(row.Merchant, cancellationToken).ToListAsync(cancellationToken);
        List<string> waits = [];
        foreach (var machine in journals.GroupBy(journal => journal.Device))
        {
            var said = await devices.StatusAsync(machine.Key, cancellationToken);
            waits.AddRange(SettledRules.Waits(row.Merchant, row.KnownFrom!.Value, [.. machine], said?.Cards));
        }

        return (row, waits);
    }
}
