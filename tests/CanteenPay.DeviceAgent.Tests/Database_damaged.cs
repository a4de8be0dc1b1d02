using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static CanteenPay.DeviceAgent.Tests.Rig.Waits;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>A database that is damaged is set aside and exported; what has no end goes on; nobody is left to believe that nothing was there.</summary>
public sealed class Database_damaged : IDisposable
{
    private const int PageBytes = 4096;
    private readonly TestFolder files = new();
    private readonly ManualTime time = new(TillRig.Noon);

    private string Database => files.File("agent.db");

    public void Dispose() => files.Dispose();

    private T Opened<T>(Func<OrderStore, T> look)
    {
        using var folder = StateFolder.Take(files.Path);
        using var store = DatabaseRescue.Open(folder, TillRig.Device, OrderStore.MaxBytes, time, NullLogger.Instance);
        return look(store);
    }

    /// <summary>A busy day: many that ended, three that did not.</summary>
    private List<Order> Fill(int ended)
    {
        Opened(store => store.Epoch);
        List<Order> open = [ManyOrders.Order(OrderStage.Cancelled, 1), ManyOrders.Order(OrderStage.Closing, 2), ManyOrders.Order(OrderStage.Refunding, 3)];
        ManyOrders.Add(Database, [.. Enumerable.Range(0, ended).Select(minute => ManyOrders.Order(OrderStage.Closed, minute)), .. open]);
        return open;
    }

    private void Overwrite(long from, int count)
    {
        using var file = new FileStream(Database, FileMode.Open, FileAccess.Write);
        file.Position = from;
        file.Write(Enumerable.Repeat((byte)0xA5, count).ToArray());
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        Schema.Execute(connection, sql);
    }

    private string[] SetAside() => Directory.GetFiles(files.Path, "agent.db.damaged-*");

    [Theory]
    [InlineData("not a database")]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("gone")]
    [InlineData("unreadable row")]
    public void Whatever_happened_to_the_file_a_new_epoch_begins_and_the_old_one_is_set_aside_and_said(string damage)
    {
        Fill(ended: 300);
        var epoch = Opened(store => store.Epoch);
        switch (damage)
        {
            case "not a database":
                Overwrite(0, 100);
                break;
            case "truncated":
                using (var file = new FileStream(Database, FileMode.Open))
                    file.SetLength(file.Length / 2);
                break;
            case "empty":
                File.WriteAllBytes(Database, []);
                break;
            case "gone":
                File.Delete(Database);
                break;
            default:
                Execute("UPDATE orders SET stage = 'Paix' WHERE requested_at = (SELECT max(requested_at) FROM orders)");
                break;
        }

        var found = File.Exists(Database) ? File.ReadAllBytes(Database) : null;

        var (now, said) = Opened(store => (store.Epoch, DatabaseRescue.Unconfirmed(store)));

        now.ShouldNotBe(epoch);
        said.ShouldNotBeNull().File.ShouldBe("agent.db.damaged-20261122120000");
        File.Exists(files.File(said.File + ".jsonl")).ShouldBeTrue();
        if (found is not null)
            File.ReadAllBytes(files.File(said.File)).ShouldBe(found, "the evidence is as it was found");
        Opened(store => store.Epoch).ShouldBe(now, "once, not at every start");
    }

    [Fact]
    public void A_page_that_went_bad_costs_only_its_rows()
    {
        var open = Fill(ended: 1500);
        var pages = new FileInfo(Database).Length / PageBytes;
        var all = 0;
        var taken = 0;
        // Whatever the page holds: a leaf of the orders, an index, something inner.
        for (var page = pages / 4; page < pages; page += pages / 4)
        {
            var saved = File.ReadAllBytes(Database);
            Overwrite(page * PageBytes, PageBytes);
            var (damage, mine) = Opened(store => (DatabaseRescue.Unconfirmed(store)!, store.WithoutEnd()));

            File.ReadLines(files.File(damage.File + ".jsonl")).Count(line => line.Contains("\"table\":\"orders\"", StringComparison.Ordinal)).ShouldBeGreaterThan(1200);
            mine.ShouldBeSubsetOf(open);
            damage.TakenOver.ShouldBe(mine.Count);
            (all, taken) = (all + open.Count, taken + mine.Count);
            foreach (var file in Directory.GetFiles(files.Path, "agent.db*"))
                File.Delete(file);
            File.WriteAllBytes(Database, saved);
            File.Delete(files.File("agent.epoch"));
        }

        taken.ShouldBeGreaterThan(all / 2);
    }

    [Fact]
    public void Orders_and_refunds_without_an_end_go_on_and_their_messages_with_them()
    {
        var open = Fill(ended: 10);
        var paid = ManyOrders.Order(OrderStage.Paid, 5);
        paid = RefundRules.Asked(paid, new Fen(500), new("0123456789", TillRig.Noon));
        Opened(store =>
        {
            store.SaveRefund(paid, paid.Refund!);
            return 0;
        });
        Execute("UPDATE orders SET stage = 'Paix' WHERE stage = 'Closed'");

        var (found, waiting) = Opened(store => (store.Newest(99), store.Waiting()));

        found.ShouldBe([.. open, paid], ignoreOrder: true);
        waiting.Select(row => (row.Order.Id, row.Kind)).ShouldBe([(open[0].Id, OutboxKind.Cancel), (paid.Id, OutboxKind.Refund)]);
    }

    [Fact]
    public void A_power_cut_between_the_old_file_s_leaving_and_the_new_one_s_arrival_loses_nothing()
    {
        var open = Fill(ended: 10);
        Execute("UPDATE orders SET stage = 'Paix' WHERE stage = 'Closed'");
        Opened(store => store.Epoch);
        File.Move(Database, Database + ".new");
        File.WriteAllText(files.File("agent.suspect"), "found while in use");

        Opened(store => store.WithoutEnd()).ShouldBe(open);
        File.Exists(files.File("agent.suspect")).ShouldBeFalse();
    }

    [Fact]
    public void At_most_five_damaged_databases_are_kept_the_oldest_go()
    {
        for (var i = 0; i < 7; i++)
        {
            Fill(ended: 1);
            File.WriteAllBytes(Database, []);
            time.Pass(TimeSpan.FromMinutes(1));
            Opened(store => store.Epoch);
        }

        SetAside().Count(file => !file.EndsWith(".jsonl", StringComparison.Ordinal)).ShouldBe(DatabaseRescue.MaxSetAside);
        SetAside().ShouldContain(files.File("agent.db.damaged-20261122120700"));
    }

    [Fact]
    public async Task The_screen_and_the_status_say_so_until_a_manager_confirms_it_and_open_orders_are_asked_about()
    {
        var open = Fill(ended: 10);
        Execute("UPDATE orders SET stage = 'Paix' WHERE stage = 'Closed'");
        var broker = new FakeBroker();
        await using (var agent = await AgentRig.StartAsync(broker, time, files.Path))
        {
            await Published<PayStatus>(broker, 3, status => open.Exists(order => order.Id == status.OrderId));
            await Published<DeviceStatus>(broker, 1, status => status.LastError?.StartsWith("database damaged: set aside as agent.db.damaged-2026", StringComparison.Ordinal) == true);
            broker.Published.OfType<DeviceStatus>().First().Epoch.ShouldBe(agent.Store.Epoch);
            var alarm = (await agent.ViewAsync()).GetProperty("alarm");
            alarm.GetProperty("main").GetString().ShouldBe("本机数据库已损坏，已隔离；3 笔未完订单已接管，0 笔刷卡可能未上传，请联系管理员");
            alarm.GetProperty("small").GetString().ShouldNotBeNull().ShouldContain("agent.db.damaged-20261122120000");

            await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.Words?.Words == "本机故障", "the words at the start");

            await agent.PressAsync("8", "pay");
            await Published<PayRequest>(broker, 1);
            await agent.PressAsync("cancel", "damage", "2", "4", "6", "8", "pay");
            await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Damage is null, "the confirmation");
            agent.Part<Cloud.Health>().LastError.ShouldBe("the damaged database was confirmed at the till");
        }

        await using var again = await AgentRig.StartAsync(new FakeBroker(), time, files.Path);
        (await again.ViewAsync()).TryGetProperty("alarm", out _).ShouldBeFalse();
        again.Part<Screen.ScreenBoard>().Now.Words.ShouldBeNull();
    }

    [Fact]
    public async Task Damage_that_is_found_while_in_use_ends_the_agent_as_a_failure_and_the_next_start_sets_the_database_aside()
    {
        var open = Fill(ended: 600);
        await using var broker = new FakeBroker();
        using (var folder = StateFolder.Take(files.Path))
        {
            var app = AgentHost.Build(AgentRig.Settings(files.Path), folder, _ => broker, new Peripherals.Speaker.NoSpeaker(), TimeProvider.System);
            var ended = AgentHost.RunAsync(app);
            await Published<PayStatus>(broker, 3);
            app.Services.GetRequiredService<OrderStore>().Database.Run($"UPDATE orders SET stage = 'Paix' WHERE id = '{open[1].Id}'");
            broker.Deliver(TillRig.ResultOf(open[1].Id, open[1].Amount, PayOutcome.Closed));

            (await ended.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeFalse();
        }

        File.Exists(files.File("agent.suspect")).ShouldBeTrue();
        Opened(store => DatabaseRescue.Unconfirmed(store)).ShouldNotBeNull().TakenOver.ShouldBe(2);
        File.ReadAllText(SetAside().Single(file => file.EndsWith(".jsonl", StringComparison.Ordinal))).ShouldContain("Paix");
    }
}
