using System.Text;
using CanteenPay.Channels.SwiftPass;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.Channels.Tests;

/// <summary>Whatever goes wrong between us and the gateway is "unknown", with the right reason, and is not asked twice.</summary>
public sealed class GatewayFaultTests
{
    [Fact]
    public async Task A_gateway_that_never_answers_is_a_time_out()
    {
        await using var gateway = await CannedGateway.StartAsync(c => Task.Delay(Timeout.Infinite, c.RequestAborted));

        await ShouldDoubt(gateway, DoubtKind.TimedOut, TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task A_gateway_that_starts_to_answer_and_stops_is_a_time_out()
    {
        await using var gateway = await CannedGateway.StartAsync(async c =>
        {
            await c.Response.WriteAsync("<xml>");
            await c.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, c.RequestAborted);
        });

        await ShouldDoubt(gateway, DoubtKind.TimedOut, TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_is_unreachable()
    {
        await using var gateway = await CannedGateway.StartAsync(async c =>
        {
            c.Response.ContentLength = 100;
            await c.Response.WriteAsync("<xml>");
            await c.Response.Body.FlushAsync();
            c.Abort();
        });

        await ShouldDoubt(gateway, DoubtKind.Unreachable);
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_unreachable()
    {
        string url;
        await using (var gateway = await CannedGateway.AnsweringAsync([]))
            url = gateway.Url;
        using var http = new HttpClient(SwiftPassChannel.CreateHandler());
        var channel = new SwiftPassChannel(http, new SwiftPassOptions(), TimeProvider.System);

        var outcome = await channel.QueryAsync(Accounts.Md5(url), Orders.No, CancellationToken.None);

        outcome.ShouldBeOfType<PaymentOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.Unreachable);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(404)]
    [InlineData(204)]
    public async Task Any_other_status_is_a_doubt_whatever_the_body_says(int status)
    {
        await using var gateway = await CannedGateway.StartAsync(async c =>
        {
            c.Response.StatusCode = status;
            if (status != 204)
                await c.Response.Body.WriteAsync(Documents.Signed(Accounts.Md5(), Documents.Payment(Orders.No, ("trade_state", "SUCCESS"))));
        });

        await ShouldDoubt(gateway, DoubtKind.HttpStatus);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), Documents.Payment(Orders.No, ("trade_state", "SUCCESS"))));
        await using var gateway = await CannedGateway.StartAsync(c =>
        {
            c.Response.StatusCode = 307;
            c.Response.Headers.Location = elsewhere.Url;
            return Task.CompletedTask;
        });

        await ShouldDoubt(gateway, DoubtKind.HttpStatus);
        elsewhere.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_longer_than_a_document_is_refused_with_or_without_a_stated_length()
    {
        foreach (var stated in new[] { true, false })
        {
            await using var gateway = await CannedGateway.StartAsync(async c =>
            {
                var body = Encoding.UTF8.GetBytes("<xml><a>" + new string('x', 200_000) + "</a></xml>");
                c.Response.ContentLength = stated ? body.Length : null;
                await c.Response.Body.WriteAsync(body);
            });

            (await ShouldDoubt(gateway, DoubtKind.BadDocument)).Code.ShouldBe("too-large");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>nginx</html>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]><xml><status>&b;</status></xml>")]
    [InlineData("<xml><status>0</status>")]
    public async Task A_broken_document_is_a_doubt(string document)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Encoding.UTF8.GetBytes(document));

        await ShouldDoubt(gateway, DoubtKind.BadDocument);
    }

    [Fact]
    public async Task An_unsigned_error_status_is_a_doubt_with_its_words_and_without_its_line_breaks()
    {
        await using var gateway = await CannedGateway.AnsweringAsync("<xml><status>400</status><message>签名\r\n错误</message><result_code>1</result_code><err_code>ORDERNOTEXIST</err_code></xml>"u8.ToArray());

        var doubt = await ShouldDoubt(gateway, DoubtKind.ChannelError);

        doubt.Code.ShouldBe("400");
        doubt.Message.ShouldBe("签名 错误");
    }

    [Fact]
    public async Task A_payment_without_a_signature_or_with_another_accounts_is_a_bad_signature()
    {
        var paid = Documents.Payment(Orders.No, ("trade_state", "SUCCESS"));
        byte[][] forged =
        [
            SwiftPassXml.Write(Documents.Fields(Accounts.Md5(), paid)),
            Documents.Signed(Accounts.Md5() with { Key = "another" }, paid),
            Documents.Signed(Accounts.Rsa(), paid),
        ];
        foreach (var document in forged)
        {
            await using var gateway = await CannedGateway.AnsweringAsync(document);
            await ShouldDoubt(gateway, DoubtKind.BadSignature);
        }
    }

    [Fact]
    public async Task The_account_decides_how_a_message_is_signed_and_not_the_message()
    {
        // An RSA account must not fall back to MD5 with a key that an attacker may know, here the empty one.
        var forged = Documents.Signed(Accounts.Md5() with { Key = "x" }, Documents.Payment(Orders.No, ("trade_state", "SUCCESS"), ("sign_type", "MD5")));
        await using var gateway = await CannedGateway.AnsweringAsync(forged);

        var outcome = await gateway.Channel().QueryAsync(Accounts.Rsa(gateway.Url), Orders.No, CancellationToken.None);

        outcome.ShouldBeOfType<PaymentOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.BadSignature);
    }

    [Fact]
    public async Task An_answer_about_another_merchant_is_a_mismatch()
    {
        var other = Accounts.Md5() with { MerchantId = "7551000002" };
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(other, Documents.Payment(Orders.No, ("trade_state", "SUCCESS"))));

        await ShouldDoubt(gateway, DoubtKind.Mismatch);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_not_an_outcome()
    {
        using var stop = new CancellationTokenSource();
        await using var gateway = await CannedGateway.StartAsync(async c =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, c.RequestAborted);
        });

        await Should.ThrowAsync<OperationCanceledException>(() => gateway.Channel().QueryAsync(Accounts.Md5(gateway.Url), Orders.No, stop.Token));
    }

    /// <summary>Every call of the port has to give the same doubt, after one request.</summary>
    private static async Task<Doubt> ShouldDoubt(CannedGateway gateway, DoubtKind kind, TimeSpan? timeout = null)
    {
        var (channel, account, none) = (gateway.Channel(timeout), Accounts.Md5(gateway.Url), CancellationToken.None);
        Doubt[] doubts =
        [
            (await channel.CreateQrOrderAsync(account, Orders.Create(), none)).ShouldBeOfType<CreateOutcome.Unknown>().Doubt,
            (await channel.QueryAsync(account, Orders.No, none)).ShouldBeOfType<PaymentOutcome.Unknown>().Doubt,
            (await channel.CloseAsync(account, Orders.No, none)).ShouldBeOfType<CloseOutcome.Unknown>().Doubt,
            (await channel.RefundAsync(account, Orders.Refund(), none)).ShouldBeOfType<RefundOutcome.Unknown>().Doubt,
            (await channel.QueryRefundAsync(account, Orders.Refund(), none)).ShouldBeOfType<RefundOutcome.Unknown>().Doubt,
        ];
        doubts.ShouldAllBe(d => d.Kind == kind);
        gateway.Requests.Select(r => r["service"]).ShouldBe(
            ["unified.trade.native", "unified.trade.query", "unified.trade.close", "unified.trade.refund", "unified.trade.refundquery"]);
        return doubts[0];
    }
}
