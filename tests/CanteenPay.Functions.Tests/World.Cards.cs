using Azure.Messaging;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace CanteenPay.Functions.Tests;

/// <summary>Card money.</summary>
internal sealed partial class World
{
    public static readonly MerchantId OtherMerchant = MerchantId.Parse("0THERMCH");

    public CardStore Cards => Get<CardStore>();

    public LedgerStore Ledger => Get<LedgerStore>();

    /// <summary>A service of the app.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A machine's card message arrives by the broker and the queue.</summary>
    public Task CardsSayAsync(DeviceMessage message, DeviceId? sender = null, DateTimeOffset? sentAt = null)
    {
        var device = sender ?? Machine;
        return DeliverCardsAsync(Routed(message, device, sentAt ?? Clock.GetUtcNow(), topic: Topics.CardsUp(device)));
    }

    public Task DeliverCardsAsync(CloudEvent routed) =>
        DeliverAsync<MachineCards>((function, context) => function.RunAsync(routed, context with { Body = Body(routed) }, CancellationToken.None));

    /// <summary>Whatever bytes a machine publishes of cards arrive by the broker and the queue.</summary>
    public Task CardBytesAsync(byte[] payload)
    {
        var routed = new CloudEvent("canteen-events", "MQTT.EventPublished", BinaryData.FromBytes(payload), "application/octet-stream")
        {
            Subject = Topics.CardsUp(Machine),
            Time = Clock.GetUtcNow(),
        };
        routed.ExtensionAttributes["clientname"] = Machine.Value;
        return DeliverCardsAsync(routed);
    }

    public Task FeedAsync(CardFeedMessage message) => DeliverAsync<CardFeed>((function, _) => function.RunAsync(message, CancellationToken.None));

    /// <summary>An account with cash and one card, as operations leave it.</summary>
    public async Task<CardAccount> OpenAccountAsync(string id, long cashFen, string cardNo = "0A0B0C0D", Func<CardAccount, CardAccount>? with = null, MerchantId? merchant = null)
    {
        var account = new CardAccount
        {
            AccountId = AccountId.Parse(id),
            Version = 1,
            CardType = "staff",
            Cards = [new(CardNo.Parse(cardNo), CardState.Active)],
            Purses = [new(PurseLot.Cash, Purse.Cash, new Fen(cashFen))],
        };
        account = with?.Invoke(account) ?? account;
        await PutAsync(account, merchant);
        return account;
    }

    /// <summary>An operation changed an account.</summary>
    public async Task PutAsync(CardAccount account, MerchantId? merchant = null)
    {
        var old = await Cards.AccountAsync(merchant ?? Merchant, account.AccountId, CancellationToken.None);
        var row = new AccountRow(merchant ?? Merchant, account, default);
        var transaction = old is null ? new CardTransaction().Insert(row) : new CardTransaction().Write(old, account);
        (await Cards.TryWriteAsync(transaction, CancellationToken.None)).ShouldNotBeNull();
    }

    public async Task<CardAccount> AccountAsync(AccountId id, MerchantId? merchant = null) =>
        (await Cards.AccountAsync(merchant ?? Merchant, id, CancellationToken.None)).ShouldNotBeNull().Account;

    public async Task<IReadOnlyList<LedgerRow>> LedgerAsync(DateOnly? day = null, MerchantId? merchant = null) =>
        await Ledger.ListAsync(merchant ?? Merchant, day ?? BusinessDay.Of(Noon), CancellationToken.None).ToListAsync();

    /// <summary>What a machine was told of cards, in order.</summary>
    public IReadOnlyList<DeviceMessage> ToldOfCards(DeviceId? machine = null) => Messages(Topics.CardsDown(machine ?? Machine));

    /// <summary>The last acknowledgement.</summary>
    public CardEntriesAck LastAck(DeviceId? machine = null) => ToldOfCards(machine).OfType<CardEntriesAck>().Last();

    /// <summary>What all machines of a merchant were told.</summary>
    public IReadOnlyList<CardsChanged> Changes(MerchantId? merchant = null) => [.. Messages(Topics.MerchantCards(merchant ?? Merchant)).Cast<CardsChanged>()];

    public async Task<IReadOnlyList<OpenCardRow>> CardGuardsAsync() =>
        await OpenCardRow.AllPartitions.ToAsyncEnumerable()
            .SelectMany(partition => Get<OpenCardStore>().ListAsync(partition, CancellationToken.None)).ToListAsync();

    /// <summary>Who serves whom; known at once, as after a minute.</summary>
    public async Task MoveAsync(DeviceId device, MerchantId merchant)
    {
        await Tables.GetTableClient("Devices").UpsertEntityAsync(
            new DeviceProfile(device, merchant, "moved", IsActive: true), CanteenPay.Azure.Tables.TableUpdateMode.Replace);
        await PassAsync(TimeSpan.FromSeconds(61));
    }

    /// <summary>Everything that was published to a topic, in order.</summary>
    public IReadOnlyList<DeviceMessage> Messages(string topic) =>
    [
        .. Broker.Published.Where(message => message.Topic == topic).Select(message =>
        {
            DeviceMessageJson.TryRead(message.Payload, out var told, out var error).ShouldBeTrue(error);
            return told!;
        }),
    ];
}
