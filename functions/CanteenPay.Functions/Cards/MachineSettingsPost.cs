using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>Tells machines how they are to work.</summary>
internal sealed class MachineSettingsPost(CardStore cards, DeviceRegistry devices, MachineLink machines)
{
    /// <summary>The merchant's settings; version 0, without cards, while nobody has said.</summary>
    public async Task<MachineSettings> FindAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        (await cards.RulesAsync(merchant, cancellationToken))?.Settings ?? new MachineSettings { Version = 0, MerchantId = merchant };

    /// <summary>Sends a machine the settings of a merchant.</summary>
    public async Task SendAsync(DeviceId device, MerchantId merchant, CancellationToken cancellationToken) =>
        await machines.SendSettingsAsync(device, await FindAsync(merchant, cancellationToken), cancellationToken);

    /// <summary>Tells all machines of a merchant at once what was changed. One that is not there hears it with its next status.</summary>
    public async Task TellAllAsync(MachineSettings settings, CancellationToken cancellationToken)
    {
        await foreach (var device in devices.ListAsync(settings.MerchantId, cancellationToken))
        {
            if (device.IsActive)
                await machines.SendSettingsAsync(device.Id, settings, cancellationToken);
        }
    }
}
