using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>Answers a machine's status: the time, and where the cloud stands, so that the machine pulls and sends what is missing. Older settings are replaced.</summary>
internal sealed class StatusAnswers(CardStore cards, MachineSettingsPost settings, MachineLink machines, TimeProvider clock)
{
    /// <summary>Sends the answer, and settings if the machine's are older or another merchant's.</summary>
    public async Task SendAsync(DeviceProfile device, DeviceStatus status, CancellationToken cancellationToken)
    {
        var feed = cards.FeedAsync(device.Merchant, cancellationToken);
        var cursors = Task.WhenAll(status.Journals.Select(journal => cards.CursorAsync(journal.MerchantId, device.Id, journal.Epoch, cancellationToken)));
        var current = await settings.FindAsync(device.Merchant, cancellationToken);
        var answer = new StatusAck
        {
            InReplyTo = status.Id,
            FeedVersion = (await feed).Current,
            Cursors = [.. (await cursors).OfType<CursorRow>().Select(row => new JournalCursor(row.Epoch, row.Merchant, row.Through, row.Hash, row.Restart))],
            SettingsVersion = current.Version,
            // After what was read, however long that took.
            Now = BusinessDay.Local(clock.GetUtcNow()),
        };
        await machines.SendStatusAsync(device.Id, answer, cancellationToken);
        var isElsewhere = status.Journals is [var first, ..] && first.MerchantId != device.Merchant;
        if (status.SettingsVersion < current.Version || isElsewhere)
            await settings.SendAsync(device.Id, device.Merchant, cancellationToken);
    }
}
