using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>
/// Merchants' journals and what their machines last said of them, read once for each merchant: many closings that wait for one machine ask for the same. As old as the
/// first question; good enough to say that something is still waited for.
/// </summary>
internal sealed class JournalsHeard(CardStore cards, DeviceRegistry devices)
{
    private const int ReadsAtOnce = 16;

    private readonly Dictionary<MerchantId, IReadOnlyList<MachineHeard>> _heard = [];

    /// <summary>Machine by machine. Not for two callers at once.</summary>
    public async Task<IReadOnlyList<MachineHeard>> OfAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        if (_heard.TryGetValue(merchant, out var known))
            return known;
        // Journals before words: what is booked since only makes one wait longer than needed.
        var journals = await cards.CursorsAsync(merchant, cancellationToken).ToListAsync(cancellationToken);
        List<MachineHeard> machines = [];
        foreach (var some in journals.GroupBy(journal => journal.Device).Chunk(ReadsAtOnce))
        {
            machines.AddRange(await Task.WhenAll(some.Select(async machine =>
                new MachineHeard([.. machine], (await devices.StatusAsync(machine.Key, cancellationToken))?.Cards))));
        }

        return _heard[merchant] = machines;
    }
}

/// <summary>A machine's journals with a merchant.</summary>
/// <param name="Journals">As far as they are booked; at least one.</param>
/// <param name="Said">What the machine last said of its journals; null when it never did.</param>
internal sealed record MachineHeard(IReadOnlyList<CursorRow> Journals, MachineJournals? Said);
