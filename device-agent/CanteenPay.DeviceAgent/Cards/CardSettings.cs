using System.Text.Json;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>The merchant's rules as far as they came, kept over restarts.</summary>
internal sealed class CardSettings
{
    private const string Fact = "card-settings";

    private readonly OrderStore store;
    private readonly MerchantId merchant;
    private volatile MachineSettings? current;

    public CardSettings(OrderStore store, MerchantId merchant)
    {
        (this.store, this.merchant) = (store, merchant);
        current = Read(store.Fact(Fact)) is { } settings && settings.MerchantId == merchant ? settings : null;
    }

    /// <summary>Their version; 0 as long as none came from this merchant.</summary>
    public long Version => current?.Version ?? 0;

    /// <summary>How cards pay; null: not at all.</summary>
    public CardRules? Rules => current?.Cards;

    /// <summary>Takes newer settings of this merchant; false for others.</summary>
    public bool Take(MachineSettings settings)
    {
        if (settings.MerchantId != merchant || settings.Version <= Version)
            return false;
        store.SetFacts((Fact, JsonSerializer.Serialize(settings, CardJson.Default.MachineSettings)));
        current = settings;
        return true;
    }

    /// <summary>What cannot be read is as good as nothing: the cloud sends it again.</summary>
    private static MachineSettings? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, CardJson.Default.MachineSettings);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
