using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>A whole agent and a small cloud: entries go up once, accounts and rules come down, whatever is lost, doubled or late.</summary>
public sealed class Card_sync
{
    private readonly FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);
    private readonly ScriptedCloud cloud;

    public Card_sync()
    {
        cloud = new(broker);
        cloud.Open(Enumerable.Range(1, 35).Select(number => Samples.Account(number)));
    }

    private async Task<AgentRig> SyncedAsync(string? path = null)
    {
        var agent = await AgentRig.StartAsync(broker, time, path);
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
}
