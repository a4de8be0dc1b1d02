using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>Which journals there are, and those of which nothing more is booked until a person has looked.</summary>
internal sealed class Journals(CardStore cards, DeviceRegistry devices, ParkedStore parked, TimeProvider clock, ILogger<Journals> logger)
{
    private const int MaxConflicts = 10;

    /// <summary>Every account that a journal touches remembers it, so that nobody may begin them without end; a machine begins one a year.</summary>
    private const int MostNewADay = 48;

    /// <summary>
    /// The cursor of a machine's journal. It belongs to its merchant for ever, also after the machine was moved; one of the machine's own merchant begins here, and
    /// one of a merchant that it has a journal with already: the machine books again there what the cloud does not hold of that.
    /// </summary>
    /// <exception cref="DeviceMessageException">The machine is not enrolled or blocked, or never was that merchant's.</exception>
    public async Task<CursorRow> FindAsync(DeviceId id, MerchantId merchant, Epoch epoch, CancellationToken cancellationToken)
    {
        var reading = cards.CursorAsync(merchant, id, epoch, cancellationToken);
        var device = await devices.FindAsync(id, cancellationToken);
        var cursor = await reading;
        if (device is null)
            throw new DeviceMessageException($"Machine {id} is not enrolled.");
        if (!device.IsActive)
            throw new DeviceMessageException($"Machine {id} is blocked; what it sent of merchant {merchant} is not booked.");
        if (cursor is not null)
            return cursor;
        if (device.Merchant != merchant && !await devices.ServesAsync(id, merchant, cancellationToken)
            && !await cards.CursorsAsync(merchant, id, cancellationToken).AnyAsync(cancellationToken))
        {
            throw new DeviceMessageException($"Machine {id} serves merchant {device.Merchant}; it has no journal {epoch} with merchant {merchant}.");
        }

        var now = clock.GetUtcNow();
        if (await cards.CursorsAsync(merchant, id, cancellationToken).CountAsync(row => row.OpenedAt > now.AddDays(-1), cancellationToken) >= MostNewADay)
            throw new DeviceMessageException($"Machine {id} began {MostNewADay} journals with merchant {merchant} within a day: somebody should look at it.");
        return await cards.OpenAsync(merchant, id, epoch, now, cancellationToken);
    }

    /// <summary>Books nothing more of a journal; what was sent is kept for a person first. Other journals go on.</summary>
    /// <param name="cursor">The journal.</param>
    /// <param name="batch">What was sent.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<CursorRow> ParkAsync(CursorRow cursor, CardEntries batch, string reason, CancellationToken cancellationToken)
    {
        await KeepAsync($"{cursor.Journal}-{batch.First}", batch, $"Journal {cursor.Journal} is parked: {reason}", cancellationToken);
        var after = await ChangeAsync(cursor, row => row.IsOpen && row.Through == cursor.Through ? row with { Parked = reason } : row, cancellationToken);
        if (after.Parked == reason)
            CardLog.JournalParked(logger, cursor.Journal, reason);
        return after;
    }

    /// <summary>Keeps a batch for a person: the same once a day.</summary>
    public Task KeepAsync(string id, CardEntries batch, string reason, CancellationToken cancellationToken) =>
        // Not under the name of the queue: what was sent is not to be sent again, but to be looked at.
        parked.KeepAsync(new(clock.GetUtcNow(), "cards", id, reason, BinaryData.FromBytes(DeviceMessageJson.Write(batch))), cancellationToken);

    /// <summary>Notes that a reversal waits for its tap: what the machine says of its other journals from now on was said after it.</summary>
    public async Task<CursorRow> WaitAsync(CursorRow cursor, long seq, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var after = await ChangeAsync(cursor, row => row.WaitsSince is null && row.Through == cursor.Through ? row with { WaitsSince = now } : row, cancellationToken);
        if (cursor.WaitsSince is null)
            CardLog.JournalWaits(logger, cursor.Journal, seq);
        return after;
    }

    /// <summary>A person has looked at a parked journal: its machine begins another one.</summary>
    public async Task<CursorRow> ReleaseAsync(CursorRow cursor, CancellationToken cancellationToken)
    {
        var after = await ChangeAsync(cursor, row => row with { Restart = true }, cancellationToken);
        CardLog.JournalReleased(logger, cursor.Journal);
        return after;
    }

    /// <summary>What a journal was parked for does not hold any more.</summary>
    public Task<CursorRow> ReopenAsync(CursorRow cursor, CancellationToken cancellationToken) =>
        ChangeAsync(cursor, row => row.Restart ? row : row with { Parked = null }, cancellationToken);

    /// <summary>A person says that nothing more will come of a journal.</summary>
    public async Task<CursorRow> EndAsync(CursorRow cursor, CancellationToken cancellationToken)
    {
        var after = await ChangeAsync(cursor, row => row with { Ended = true }, cancellationToken);
        CardLog.JournalEnded(logger, cursor.Journal, after.Through, after.LastSeq - after.Through);
        return after;
    }

    private async Task<CursorRow> ChangeAsync(CursorRow read, Func<CursorRow, CursorRow> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            var next = change(read);
            if (next == read || await cards.TryWriteAsync(new CardTransaction().Write(next, read.Version), cancellationToken) is not null)
                return next;
            read = await cards.CursorAsync(read.Merchant, read.Device, read.Epoch, cancellationToken)
                ?? throw new InvalidOperationException($"The journal {read.Journal} is gone: cursors are never deleted.");
        }

        throw new InvalidOperationException($"Others kept writing the cursor of journal {read.Journal}.");
    }
}
