using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>A whole agent and a small cloud: entries go up once, accounts and rules come down, whatever is lost, doubled or late.</summary>
public sealed class Card_sync
{
    private FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);
    private readonly ScriptedCloud cloud;

    public Card_sync()
    {
        cloud = new(broker);
        cloud.Open(Enumerable.Range(1, 35).Select(number => Samples.Account(number)));
    }

    private Task<AgentRig> StartAsync(string? path) => AgentRig.StartAsync(broker = cloud.Attach(new()), time, path);

    private async Task<AgentRig> SyncedAsync(string? path = null)
    {
        var agent = await StartAsync(path);
        var store = agent.Part<CardStore>();
        await time.PassUntil(() => store.Standing() is { Stop: null, SyncedPercent: null }, TimeSpan.FromSeconds(1), "the snapshot");
        return agent;
    }

    private Task AllBooked(CardStore store) => time.PassUntil(() => store.Standing().Unsent == 0, TimeSpan.FromSeconds(1), "the acknowledgement");

    [Fact]
    public async Task A_machine_pulls_all_accounts_page_by_page_then_taps_and_what_it_tapped_is_booked_once()
    {
        await using var agent = await SyncedAsync();
        var store = agent.Part<CardStore>();

        for (var number = 1; number <= 35; number++)
            store.TapCard(number).ShouldNotBeNull();
        await AllBooked(store);

        broker.Published.OfType<CardsPull>().Select(pull => pull.AfterAccountId).Distinct().ShouldBe([null, Samples.AccountNo(10), Samples.AccountNo(20), Samples.AccountNo(30)]);
        cloud.Booked.Select(entry => entry.AccountId).ShouldBe(Enumerable.Range(1, 35).Select(Samples.AccountNo));
        cloud.Accounts.Values.ShouldAllBe(account => account.Balance == new Fen(100_00 - 1250));
    }

    [Fact]
    public async Task What_changed_is_applied_as_it_comes_and_what_was_missed_is_pulled()
    {
        await using var agent = await SyncedAsync();
        var store = agent.Part<CardStore>();
        Fen? Cash() => store.View(Samples.AccountNo(7))?.Balance;
        CardAccount TopUp(CardAccount account) => AccountView.Change(account, PurseLot.Cash, Purse.Cash, new(50_00));

        cloud.Change(Samples.AccountNo(7), TopUp);
        await Eventually.IsTrueAsync(() => Cash() == new Fen(150_00), "the change");
        cloud.Change(Samples.AccountNo(7), TopUp, tell: false);
        cloud.Change(Samples.AccountNo(8), TopUp);
        await time.PassUntil(() => Cash() == new Fen(200_00), TimeSpan.FromSeconds(1), "what was missed");

        broker.Published.OfType<CardsPull>().Last(pull => pull.HaveVersion > 0).HaveVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Whatever_is_lost_or_doubled_on_the_way_every_tap_is_booked_once_and_in_order()
    {
        var random = new Random(4);
        await using var agent = await SyncedAsync();
        var store = agent.Part<CardStore>();
        cloud.Copies = 2;
        cloud.Loses = _ => random.Next(2) == 0;
        List<TapId> taps = [];
        for (var round = 0; round < 6; round++)
        {
            // The same cards again: not within three seconds.
            time.Pass(TimeSpan.FromSeconds(4));
            for (var number = 1; number <= 35; number += 2)
                taps.Add(store.TapCard(number, keyed: 100).ShouldNotBeNull().Id);
            await time.PassUntil(() => store.Standing().Unsent < 9, TimeSpan.FromSeconds(1), "most of it");
            if (round == 3)
            {
                broker.Become(Mqtt.MqttState.Disconnected);
                broker.Become(Mqtt.MqttState.Connected);
            }
        }

        await AllBooked(store);
        cloud.Loses = _ => false;
        cloud.Change(Samples.AccountNo(2), account => account);
        await time.PassUntil(() => CardReport.Of(agent.Part<CardTables>()).FeedVersion == cloud.Version, TimeSpan.FromSeconds(1), "the feed");

        cloud.Booked.Select(entry => entry.TapId).ShouldBe(taps);
        foreach (var account in cloud.Accounts.Values)
            store.View(account.AccountId)!.Balance.ShouldBe(account.Balance);
        store.Look(Samples.CardNoOf(1)).Unbooked.ShouldBe(Fen.Zero);
    }

    [Fact]
    public async Task Nothing_is_lost_by_restarts_in_any_state()
    {
        using var folder = new TestFolder();
        List<TapId> taps = [];
        cloud.PageSize = 3;
        cloud.Loses = message => message is CardsPart { AfterAccountId: not null } or CardEntriesAck;
        await using (var agent = await StartAsync(folder.Path))
            await time.PassUntil(() => agent.Part<CardStore>().Standing() is { SyncedPercent: > 0 }, TimeSpan.FromSeconds(1), "the first page");
        cloud.Loses = message => message is CardEntriesAck;
        await using (var agent = await SyncedAsync(folder.Path))
        {
            broker.Published.OfType<CardsPull>().ShouldAllBe(pull => pull.AfterAccountId != null, "the pull goes on where it was");
            taps.Add(agent.Part<CardStore>().TapCard(1)!.Id);
            await Eventually.IsTrueAsync(() => cloud.Booked.Any(), "the entry");
            taps.Add(agent.Part<CardStore>().TapCard(2)!.Id);
        }

        cloud.Loses = _ => false;
        await using (var agent = await SyncedAsync(folder.Path))
        {
            agent.Part<CardStore>().Rules.ShouldNotBeNull("kept over restarts");
            await AllBooked(agent.Part<CardStore>());
        }

        cloud.Booked.Select(entry => entry.TapId).ShouldBe(taps);
        cloud.Ledger.Count.ShouldBe(1, "one journal");
    }

    [Fact]
    public async Task A_status_says_how_far_everything_is_and_is_sent_soon_when_an_account_is_being_closed()
    {
        await using var agent = await SyncedAsync();
        agent.Part<CardStore>().TapCard(1).ShouldNotBeNull();
        await AllBooked(agent.Part<CardStore>());
        var epoch = cloud.Ledger.Keys.Single();
        var before = broker.Published.OfType<DeviceStatus>().Count();

        cloud.Change(Samples.AccountNo(5), account => account with { State = AccountState.Closing });
        await time.PassUntil(() => broker.Published.OfType<DeviceStatus>().Skip(before).Any(status => status.FeedVersion == cloud.Version), TimeSpan.FromMilliseconds(500), "a status");

        var status = broker.Published.OfType<DeviceStatus>().Last();
        status.Journals.ShouldBe([new(epoch, TillRig.Merchant, 1, 1)]);
        (status.SettingsVersion, status.Unsent).ShouldBe((1, 0));
        TapRules.Decide(Samples.Question(5, TillRig.Noon), agent.Part<CardStore>().Look(Samples.CardNoOf(5))).ShouldBe(new TapRefused(TapRefusal.CancelledCard));
    }

    [Fact]
    public async Task Messages_of_another_merchant_or_on_another_topic_or_kept_by_the_broker_change_nothing()
    {
        await using var agent = await SyncedAsync();
        var store = agent.Part<CardStore>();
        var rich = Samples.Account(1, 9_999_999) with { Version = 99 };
        var foreign = MerchantId.Parse("0THERMER");
        broker.Deliver(new CardsChanged { MerchantId = foreign, FromVersion = 0, ToVersion = 99, Accounts = [rich] });
        broker.Deliver(new MachineSettings { MerchantId = foreign, Version = 99 });
        broker.DeliverRaw(Topics.PaymentsDown(TillRig.Device), DeviceMessageJson.Write(new CardsChanged { MerchantId = TillRig.Merchant, FromVersion = 0, ToVersion = 99, Accounts = [rich] }));
        broker.DeliverRaw(Topics.CardsDown(TillRig.Device), DeviceMessageJson.Write(new CardsChanged { MerchantId = TillRig.Merchant, FromVersion = 0, ToVersion = 99, Accounts = [rich] }));
        broker.DeliverRaw(Topics.MerchantCards(TillRig.Merchant), "{"u8.ToArray());
        cloud.Change(Samples.AccountNo(2), account => AccountView.Change(account, PurseLot.Cash, Purse.Cash, new(1)));
        await Eventually.IsTrueAsync(() => store.View(Samples.AccountNo(2))!.Balance == new Fen(100_01), "a right message after them");

        store.View(Samples.AccountNo(1))!.Balance.ShouldBe(new Fen(100_00));
        store.Rules.ShouldNotBeNull();
    }
}
