using System.Text.Json;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Taps;

/// <summary>Cards through the whole agent: reader on the page, rules, journal, screen, voice.</summary>
public sealed class Agent_taps : IDisposable
{
    private readonly FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);
    private readonly TestFolder files = new();
    private readonly ScriptedCloud cloud;

    public Agent_taps()
    {
        cloud = new(broker);
        cloud.Open(
            Samples.Account(1, 100_00, Samples.Subsidy("grant-1", 8_00)),
            Samples.Account(2, 1_00),
            Samples.Account(3) with { Cards = [new(Samples.CardNoOf(3), CardState.Lost)] });
    }

    public void Dispose() => files.Dispose();

    private async Task<AgentRig> SyncedAsync(string? path = null, CardReaderKind reader = CardReaderKind.Page)
    {
        var settings = AgentRig.Settings(path ?? files.Path) with { CardReader = reader, PageCards = [new("张三", Samples.CardNoOf(1))] };
        var agent = await AgentRig.StartAsync(_ => broker, time, path ?? files.Path, settings);
        await time.PassUntil(
            () => agent.Part<CardStore>().Standing() is { Stop: null } && agent.Part<Screen.ScreenBoard>().Now.State.Cards is { Standing.Stop: null },
            TimeSpan.FromMilliseconds(500),
            "the accounts");
        return agent;
    }

    private static Task<JsonElement> ShownAsync(AgentRig agent, string state) => agent.ViewAsync(state);

    [Fact]
    public async Task A_card_on_the_page_s_reader_pays_what_was_keyed_is_shown_spoken_of_and_booked()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("1", "2", "dot", "5");

        (await agent.PresentAsync(Samples.CardNoOf(1))).ShouldBe(204);

        var view = await ShownAsync(agent, "tap");
        view.GetProperty("result").GetProperty("main").GetString().ShouldBe("消费成功 ¥12.50");
        view.GetProperty("headline").GetProperty("main").GetString().ShouldBe("王1 · 午餐");
        var tap = view.GetProperty("tap");
        tap.GetProperty("details").GetProperty("main").GetString().ShouldBe("补贴 ¥8.00 · 现金 ¥4.50 · 余额 ¥95.50");
        (tap.GetProperty("amount").GetString(), tap.GetProperty("balance").GetString(), tap.GetProperty("kind").GetString()).ShouldBe(("12.50", "95.50", "debit"));
        await time.PassUntil(() => agent.Part<Screen.ScreenBoard>().Now.Words?.Words == "消费十二点五元", TimeSpan.FromMilliseconds(250), "the words");
        await time.PassUntil(() => cloud.Booked.Any(), TimeSpan.FromSeconds(1), "the booking");
        cloud.Booked.Select(entry => entry.TapId.Value).Distinct().ShouldHaveSingleItem().ShouldBe(tap.GetProperty("tapId").GetString());
    }

    [Fact]
    public async Task A_refusal_is_shown_in_words_and_as_a_code_and_spoken_of()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("5");

        await agent.PresentAsync(Samples.CardNoOf(2));

        var view = await ShownAsync(agent, "tap-refused");
        view.GetProperty("result").GetProperty("main").GetString().ShouldBe("余额不足");
        view.GetProperty("amount").GetString().ShouldBe("5.00", "another card may pay it");
        var tap = view.GetProperty("tap");
        (tap.GetProperty("refusal").GetString(), tap.GetProperty("balance").GetString(), tap.TryGetProperty("tapId", out _)).ShouldBe(("notenough", "1.00", false));
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.Words?.Words == "余额不足", "the words");

        await agent.PresentAsync(Samples.CardNoOf(3));
        await Eventually.IsTrueAsync(() => agent.ViewAsync().Result.GetProperty("tap").GetProperty("refusal").GetString() == "lostcard", "the next card");
    }

    [Fact]
    public async Task Two_refusals_of_the_same_card_can_be_told_apart()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("5");
        await agent.PresentAsync(Samples.CardNoOf(2));
        var first = (await ShownAsync(agent, "tap-refused")).GetProperty("tap").GetProperty("id").GetString();

        await agent.PresentAsync(Samples.CardNoOf(2));

        await Eventually.IsTrueAsync(() => agent.ViewAsync().Result.GetProperty("tap").GetProperty("id").GetString() != first, "another one");
    }

    [Fact]
    public async Task A_machine_that_has_no_accounts_yet_says_so()
    {
        cloud.Loses = message => message is CardsPart;
        await using var agent = await AgentRig.StartAsync(_ => broker, time, files.Path, AgentRig.Settings(files.Path) with { CardReader = CardReaderKind.Page });
        await time.PassUntil(() => agent.Part<Screen.ScreenBoard>().Now.State.Cards is not null, TimeSpan.FromMilliseconds(500), "the rules");

        await agent.PressAsync("5");
        await agent.PresentAsync(Samples.CardNoOf(1));

        var view = await ShownAsync(agent, "tap-refused");
        view.GetProperty("tap").GetProperty("refusal").GetString().ShouldBe("notsynced");
        view.GetProperty("cards").GetProperty("status").GetProperty("main").GetString().ShouldBe("正在下载卡数据 0%");
    }

    [Fact]
    public async Task Entries_that_wait_are_counted_on_the_screen_with_their_age()
    {
        await using var agent = await SyncedAsync();
        cloud.Loses = message => message is CardEntriesAck or StatusAck;
        await agent.PressAsync("5");
        await agent.PresentAsync(Samples.CardNoOf(1));
        await ShownAsync(agent, "tap");

        await time.PassUntil(() => agent.Part<Cloud.MachineClock>().Corrected > TillRig.Noon.AddMinutes(5).AddSeconds(30), TimeSpan.FromSeconds(1), "five minutes");

        var cards = (await agent.ViewAsync("idle")).GetProperty("cards");
        cards.GetProperty("status").GetProperty("main").GetString().ShouldBe("待上传 1 条 · 5 分钟");
        (cards.GetProperty("mode").GetString(), cards.GetProperty("unsent").GetInt32(), cards.GetProperty("meal").GetProperty("main").GetString()).ShouldBe(("free", 1, "午餐"));
    }

    [Fact]
    public async Task The_last_tap_is_taken_back_by_its_key_and_both_stand_in_the_list()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("5");
        await agent.PresentAsync(Samples.CardNoOf(1));
        (await ShownAsync(agent, "tap")).GetProperty("undoable").GetBoolean().ShouldBeTrue();

        await agent.PressAsync("undo");

        var undone = await ShownAsync(agent, "undone");
        undone.GetProperty("result").GetProperty("main").GetString().ShouldBe("已撤销 ¥5.00");
        undone.GetProperty("undoable").GetBoolean().ShouldBeFalse();
        agent.Part<CardStore>().View(Samples.AccountNo(1))!.Balance.ShouldBe(new Fen(108_00));
        await agent.PressAsync("list", "list");
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.Taps is not null, "the list");
        (await agent.ViewAsync()).GetProperty("tapHistory").EnumerateArray().Select(row => row.GetProperty("what").GetProperty("main").GetString())
            .ShouldBe(["王1 · 撤销 · 午餐", "王1 · 消费 · 午餐"]);
    }

    [Fact]
    public async Task After_a_restart_the_last_tap_stands_in_the_line_and_is_not_spoken_of()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("5");
        await agent.PresentAsync(Samples.CardNoOf(1));
        var tapId = (await ShownAsync(agent, "tap")).GetProperty("tap").GetProperty("tapId").GetString();
        using var cut = agent.CutPower();

        await using var again = await AgentRig.StartAsync(new FakeBroker(), time, cut.Path);

        var line = (await again.ViewAsync()).GetProperty("previous");
        (line.GetProperty("tapId").GetString(), line.GetProperty("text").GetProperty("main").GetString()).ShouldBe((tapId, "上一笔 ¥5.00：刷卡消费 12:00"));
        await again.PressAsync("7");
        await Eventually.IsTrueAsync(() => again.Part<Screen.ScreenBoard>().Now.State.Face is Keying { Amount.Text: "7" }, "that all was handled");
        again.Part<Screen.ScreenBoard>().Now.Words.ShouldBeNull();
    }

    [Fact]
    public async Task A_card_that_left_too_early_is_asked_back_and_what_was_keyed_stays()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("5");

        (await agent.PostAsync("/cards/left")).ShouldBe(204);

        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Notice?.Notice == Notice.TapAgain, "the words");
        var view = await agent.ViewAsync("idle");
        (view.GetProperty("headline").GetProperty("main").GetString(), view.GetProperty("amount").GetString()).ShouldBe(("请重新刷卡", "5"));
    }

    [Fact]
    public async Task A_QR_stays_while_a_card_is_told_to_wait()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("8", "pay");
        var order = await agent.OrderAsync(found => found.Stage == OrderStage.Requested);
        broker.Deliver(new PayQr { OrderId = order.Id, Amount = order.Amount, Qr = "https://bank.example/qr", ExpiresInS = 120 });
        await agent.ViewAsync("qr");

        await agent.PresentAsync(Samples.CardNoOf(1));

        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Notice?.Notice == Notice.CancelFirst, "the words");
        var view = await agent.ViewAsync("qr");
        view.GetProperty("headline").GetProperty("main").GetString().ShouldBe("请先取消云支付");
        view.TryGetProperty("qr", out _).ShouldBeTrue();
        agent.Part<CardStore>().Last().ShouldBeNull();
    }

    [Fact]
    public async Task A_tap_that_the_disk_does_not_take_is_refused_aloud_and_works_again_later()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("5");
        agent.Store.Database.Run("CREATE TRIGGER full BEFORE INSERT ON card_entries BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");

        await agent.PresentAsync(Samples.CardNoOf(1));

        (await agent.ViewAsync("fault")).GetProperty("amount").GetString().ShouldBe("5", "what was keyed stays");
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.Words?.Words == "本机故障", "the words");
        agent.Store.Database.Run("DROP TRIGGER full");
        await agent.PresentAsync(Samples.CardNoOf(1));
        await ShownAsync(agent, "tap");
        agent.Part<CardStore>().Newest(9).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_a_manager_switched_to_is_remembered_over_a_restart()
    {
        await using var agent = await SyncedAsync();
        await agent.PressAsync("mode", "pay", "2", "4", "6", "8", "pay");
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Cards?.Mode == TapMode.Fixed, "the mode");
        await agent.PresentAsync(Samples.CardNoOf(1));
        (await ShownAsync(agent, "tap")).GetProperty("tap").GetProperty("amount").GetString().ShouldBe("15.00", "the meal's price");
        using var cut = agent.CutPower();

        await using var again = await AgentRig.StartAsync(new FakeBroker(), time, cut.Path);

        (await again.ViewAsync()).GetProperty("cards").GetProperty("mode").GetString().ShouldBe("fixed");
    }

    [Fact]
    public async Task A_typed_number_pays_only_where_the_merchant_allows_it()
    {
        await using var agent = await SyncedAsync(reader: CardReaderKind.Keyboard);
        await agent.PressAsync("5");

        (await agent.PostAsync($"/cards/{Samples.CardNoOf(1).Value.ToLowerInvariant()}/typed")).ShouldBe(204);

        (await ShownAsync(agent, "tap-refused")).GetProperty("tap").GetProperty("refusal").GetString().ShouldBe("typeduidoff");
        (await agent.PresentAsync(Samples.CardNoOf(1))).ShouldBe(404, "this machine has no simulated cards");
    }

    [Fact]
    public async Task Only_this_page_may_present_cards_and_only_such_as_are_numbers()
    {
        await using var agent = await SyncedAsync();

        (await agent.PostAsync($"/cards/{Samples.CardNoOf(1).Value}/present", ("Origin", "https://evil.example"))).ShouldBe(403);
        (await agent.PostAsync("/cards/left", ("Sec-Fetch-Site", "cross-site"))).ShouldBe(403);
        (await agent.PostAsync("/cards/12345/present")).ShouldBe(404);
        (await agent.PostAsync("/cards/NOTHEXA/present")).ShouldBe(404);
        (await agent.PostAsync($"/cards/{Samples.CardNoOf(1).Value}/typed")).ShouldBe(404);
        agent.Part<CardStore>().Last().ShouldBeNull();
    }

    [Fact]
    public async Task The_page_is_told_its_reader_and_no_log_holds_a_card_s_number()
    {
        await using (var agent = await SyncedAsync())
        {
            var reader = JsonDocument.Parse(await agent.Http.GetStringAsync("/cards")).RootElement;
            (reader.GetProperty("kind").GetString(), reader.GetProperty("cards")[0].GetProperty("name").GetString()).ShouldBe(("page", "张三"));
            await agent.PressAsync("5");
            await agent.PresentAsync(Samples.CardNoOf(1));
            await ShownAsync(agent, "tap");
        }

        var log = await File.ReadAllTextAsync(Directory.GetFiles(files.File("logs")).Single());
        log.ShouldContain("stored: ");
        log.ShouldContain("****0001");
        log.ShouldNotContain(Samples.CardNoOf(1).Value);
    }
}
