using System.Text;
using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Tests;

public sealed class CreateTests
{
    [Fact]
    public async Task A_created_order_has_the_QR_text()
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), ("code_url", "https://bank.example/q/1?a=1&b=2"), ("uuid", "x")));

        var outcome = await CreateAsync(gateway, Orders.Create());

        outcome.ShouldBe(new CreateOutcome.Created("https://bank.example/q/1?a=1&b=2"));
        outcome.Answer.ShouldBe(ChannelAnswer.ConfirmedSuccess);
    }

    [Fact]
    public async Task The_request_says_everything_the_gateway_needs_and_is_signed()
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), ("code_url", "x")));

        await CreateAsync(gateway, Orders.Create() with { Body = "A&B <午餐> ]]>", Attach = "x=1&y=2" });

        var request = gateway.Requests.Single();
        request["service"].ShouldBe("unified.trade.native");
        request["version"].ShouldBe("2.0");
        request["charset"].ShouldBe("UTF-8");
        request["sign_type"].ShouldBe("MD5");
        request["mch_id"].ShouldBe(Accounts.MerchantId);
        request["out_trade_no"].ShouldBe(Orders.No);
        request["total_fee"].ShouldBe("1250");
        request["body"].ShouldBe("A&B <午餐> ]]>");
        request["attach"].ShouldBe("x=1&y=2");
        request["device_info"].ShouldBe("M0000001");
        request["mch_create_ip"].ShouldBe("10.0.0.7");
        request["notify_url"].ShouldBe("https://pay.example/notify/swiftpass/7551000001");
        request["time_start"].ShouldBe("20261122115930", "Beijing time");
        request["time_expire"].ShouldBe("20261122120430");
        request["nonce_str"].Length.ShouldBe(32);
        request.ShouldNotContainKey("sign_agentno");
        SwiftPassSignature.Verify(Accounts.Md5(), request).ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_provider_is_named_and_every_request_has_its_own_nonce()
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), ("code_url", "x")));
        var account = Accounts.Md5(gateway.Url) with { SignAgentNo = "102510000001" };

        await gateway.Channel().CreateQrOrderAsync(account, Orders.Create(), CancellationToken.None);
        await gateway.Channel().CreateQrOrderAsync(account, Orders.Create(), CancellationToken.None);

        gateway.Requests.ShouldAllBe(r => r["sign_agentno"] == "102510000001");
        gateway.Requests.Select(r => r["nonce_str"]).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("INVALID_REQUEST", "201 商户订单号重复")]
    [InlineData("OUT_TRADE_NO_USED", "商户订单号重复")]
    [InlineData("ORDERPAID", "该订单已支付")]
    [InlineData("ORDERCLOSED", "该订单已关闭")]
    public async Task A_number_that_the_bank_knows_is_a_duplicate_and_nothing_is_asked_behind_the_callers_back(string code, string message)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(
            Documents.Signed(Accounts.Md5(), ("result_code", "1"), ("err_code", code), ("err_msg", message), ("need_query", "Y")));

        (await CreateAsync(gateway, Orders.Create())).ShouldBe(new CreateOutcome.DuplicateOrderNumber(code, message));
        gateway.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("PARAM_ERROR", "N", ChannelAnswer.ConfirmedFailure)]
    [InlineData("NOBODY_KNOWS", "N", ChannelAnswer.ConfirmedFailure)]
    [InlineData("PARAM_ERROR", "", ChannelAnswer.ConfirmedFailure)]
    [InlineData("PARAM_ERROR", "Y", ChannelAnswer.Unknown)]
    [InlineData("NOBODY_KNOWS", "", ChannelAnswer.Unknown)]
    [InlineData("SYSTEMERROR", "Y", ChannelAnswer.Unknown)]
    [InlineData("", "", ChannelAnswer.Unknown)]
    public async Task A_refusal_is_final_only_when_the_bank_needs_no_query(string code, string needQuery, ChannelAnswer answer)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(
            Documents.Signed(Accounts.Md5(), ("result_code", "1"), ("err_code", code), ("err_msg", "不行"), ("need_query", needQuery)));

        (await CreateAsync(gateway, Orders.Create())).Answer.ShouldBe(answer);
    }

    [Fact]
    public async Task Success_without_a_QR_is_unknown()
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5()));

        (await CreateAsync(gateway, Orders.Create())).ShouldBeOfType<CreateOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.BadDocument);
    }

    [Theory]
    [InlineData("午餐", "午餐")]
    [InlineData("  a\r\nb\u0001c\uD800d  ", "a  b cd")]
    public async Task The_text_for_the_diner_is_cleaned(string body, string sent)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), ("code_url", "x")));

        await CreateAsync(gateway, Orders.Create() with { Body = body });

        gateway.Requests.Single()["body"].ShouldBe(sent);
    }

    [Fact]
    public async Task The_text_for_the_diner_is_cut_at_127_bytes_and_never_inside_a_character()
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), ("code_url", "x")));

        await CreateAsync(gateway, Orders.Create() with { Body = new string('饭', 60) });
        await CreateAsync(gateway, Orders.Create() with { Body = string.Concat(Enumerable.Repeat("👨‍👩‍👧", 10)) });

        gateway.Requests.Select(r => r["body"]).ShouldBe([new string('饭', 42), string.Concat(Enumerable.Repeat("👨‍👩‍👧", 7))]);
        gateway.Requests.ShouldAllBe(r => Encoding.UTF8.GetByteCount(r["body"]) <= 127);
    }

    public static TheoryData<string, CreateQrOrder> Unacceptable { get; } = new()
    {
        { "no amount", Orders.Create() with { AmountFen = 0 } },
        { "a negative amount", Orders.Create() with { AmountFen = -1 } },
        { "too much", Orders.Create() with { AmountFen = 10_000_000_000 } },
        { "a number that is too long", Orders.Create(new string('A', 33)) },
        { "no number", Orders.Create("") },
        { "a number with a space", Orders.Create("A B") },
        { "no text", Orders.Create() with { Body = " \n " } },
        { "a relative address", Orders.Create() with { NotifyUrl = "/notify" } },
        { "a file's address", Orders.Create() with { NotifyUrl = "file:///etc/passwd" } },
        { "a name for an address", Orders.Create() with { ClientIp = "till-1" } },
        { "an end before its start", Orders.Create() with { ExpiresAt = Orders.Create().StartedAt } },
        { "too much to attach", Orders.Create() with { Attach = new string('饭', 43) } },
    };

    [Theory]
    [MemberData(nameof(Unacceptable))]
    public async Task What_the_gateway_could_not_take_is_never_sent(string why, CreateQrOrder request)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), ("code_url", "x")));

        await Should.ThrowAsync<ArgumentException>(() => CreateAsync(gateway, request), why);
        gateway.Requests.ShouldBeEmpty();
    }

    private static Task<CreateOutcome> CreateAsync(CannedGateway gateway, CreateQrOrder request) =>
        gateway.Channel().CreateQrOrderAsync(Accounts.Md5(gateway.Url), request, CancellationToken.None);
}
