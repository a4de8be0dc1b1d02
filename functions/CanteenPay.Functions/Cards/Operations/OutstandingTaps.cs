using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Devices;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Whether machines may still hold taps of an account that closes.</summary>
internal sealed class OutstandingTaps(CardStore cards, OperationStore store, DeviceRegistry devices)
{
    /// <summary>What is still waited for, in words; empty when every machine knows of the closing and has sent what it held. The operation as it is noted now.</summary>
    /// <param name="row">The closing.</param>
    /// <param name="heard">What was heard for others a moment ago, by which it may be told to wait on; null when nothing was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(OperationRow Row, IReadOnlyList<string> Waits)> WaitsAsync(OperationRow row, JournalsHeard? heard, CancellationToken cancellationToken)
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

        if (heard is not null && await OfAsync(row, heard, cancellationToken) is { Count: > 0 } waits)
            return (row, waits);
        // Money is paid out by what is so now: a machine may have opened its first journal since the others were asked for.
        return (row, await OfAsync(row, new JournalsHeard(cards, devices), cancellationToken));
    }

    private static async Task<IReadOnlyList<string>> OfAsync(OperationRow row, JournalsHeard heard, CancellationToken cancellationToken) =>
        [.. (await heard.OfAsync(row.Merchant, cancellationToken)).SelectMany(machine => SettledRules.Waits(row.Merchant, row.KnownFrom!.Value, machine.Journals, machine.Said))];
}
