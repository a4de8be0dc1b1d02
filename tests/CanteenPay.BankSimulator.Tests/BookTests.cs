using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.BankSimulator.Tests;

public sealed class BookTests
{
    [Fact]
    public async Task Sums_tell_each_merchants_payments_and_refunds_of_a_day_to_the_fen()
    {
        await using var bank = await TestBank.StartAsync("--Merchants:2:Key=k2");
        await bank.CreateAsync("A1", ("total_fee", "1"));
        await bank.CreateAsync("A2");
        await bank.CreateAsync("NEVERPAID");
        await bank.PayAsync("A1");
        await bank.PayAsync("A2");
        await bank.RefundAsync("A2", "R1", 250);
        bank.Time.Advance(TimeSpan.FromSeconds(3));
        await bank.RefundAsync("A2", "R2", 1000);

        var day = await SumsAsync(bank, "?day=2026-11-22");

        day["day"]!.GetValue<string>().ShouldBe("2026-11-22");
        day["forgotten"]!.GetValue<long>().ShouldBe(0);
        day["merchants"]!.AsArray().Single(m => m!["mchId"]!.GetValue<string>() == MerchantSystem.DemoId)!.ToJsonString().ShouldContain(
            "\"paidCount\":2,\"paidFen\":1251,\"refundedCount\":1,\"refundedFen\":250,\"refundingCount\":1,\"refundingFen\":1000");
        day["merchants"]!.AsArray().Single(m => m!["mchId"]!.GetValue<string>() == "2")!.ToJsonString().ShouldContain("\"paidCount\":0,\"paidFen\":0");
        (await SumsAsync(bank, "?day=20261123")).ToJsonString().ShouldContain("\"paidCount\":0,\"paidFen\":0,\"refundedCount\":0,\"refundedFen\":0");
        (await SumsAsync(bank, "")).ToJsonString().ShouldContain("\"paidFen\":1251");
        using var wrong = await bank.Http.GetAsync("/control/sums?day=today");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task All_orders_can_be_read_page_by_page_while_new_ones_come()
    {
        await using var bank = await TestBank.StartAsync();
        for (var n = 1; n <= 5; n++)
            await bank.CreateAsync($"A{n}");

        var read = new List<string>();
        for (var from = 1L; await ListAsync(bank, $"?from={from}&take=2") is { Count: > 0 } page; from = page[^1]!["sequence"]!.GetValue<long>() + 1)
        {
            read.AddRange(Numbers(page));
            if (read.Count == 2)
                await bank.CreateAsync("A6");
        }

        read.ShouldBe(["A1", "A2", "A3", "A4", "A5", "A6"]);
        Numbers(await ListAsync(bank, "?take=2")).ShouldBe(["A6", "A5"], "the latest, newest first");
    }

    [Fact]
    public async Task A_full_book_forgets_the_oldest_order_that_has_ended_and_none_that_has_not()
    {
        await using var bank = await TestBank.StartAsync("--MaxOrders", "3");
        await bank.CreateAsync("OPEN");
        await bank.CreateAsync("PAID1");
        await bank.CreateAsync("PAID2");
        (await bank.AskAsync("unified.trade.native", TestBank.Order("NEW")))["err_code"].ShouldBe("SYSTEMERROR", "nothing has ended");
        await bank.PayAsync("PAID1");
        await bank.PayAsync("PAID2");
        await bank.RefundAsync("PAID1", "R1", 1);

        await bank.CreateAsync("NEW");

        Numbers(await ListAsync(bank, "")).ShouldBe(["NEW", "PAID1", "OPEN"], "the refund of PAID1 is still processed");
        (await bank.AskAsync("unified.trade.query", ("out_trade_no", "PAID2")))["err_code"].ShouldBe("ORDERNOTEXIST");
        (await SumsAsync(bank, ""))["forgotten"]!.GetValue<long>().ShouldBe(1);
    }

    private static async Task<JsonNode> SumsAsync(TestBank bank, string query) => (await bank.Http.GetFromJsonAsync<JsonNode>("/control/sums" + query))!;

    private static async Task<JsonArray> ListAsync(TestBank bank, string query) => (await bank.Http.GetFromJsonAsync<JsonNode>("/control/orders" + query))!.AsArray();

    private static IEnumerable<string> Numbers(JsonArray orders) => orders.Select(o => o!["outTradeNo"]!.GetValue<string>());
}
