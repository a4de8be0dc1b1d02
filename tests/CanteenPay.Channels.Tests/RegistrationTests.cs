using System.Net;
using System.Net.Http.Json;
using CanteenPay.BankSimulator;
using CanteenPay.Channels.Registration;
using CanteenPay.Channels.SwiftPass;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Channels.Tests;

/// <summary>The adapter against a bank's desk that shares no code with it, over loopback HTTP.</summary>
public sealed class RegistrationTests : IAsyncLifetime
{
    private const string Key = "registration-key";

    private static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly HttpClient _http = new(SwiftPassChannel.CreateHandler());
    private WebApplication _bank = null!;

    public async Task InitializeAsync()
    {
        _bank = Bank.Build(
            [
                "--urls", "http://127.0.0.1:0", "--Agents:900001:Key=agent-key",
                "--Registration:PlatformId=P1", $"--Registration:Key={Key}", "--Registration:AgentNo=900001",
            ],
            builder => builder.Logging.ClearProviders());
        await _bank.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _bank.DisposeAsync();
    }

    [Fact]
    public async Task A_merchant_is_sent_returned_corrected_and_approved()
    {
        var registration = Registration();
        (await registration.SubmitAsync(Form(), CancellationToken.None)).ShouldBeOfType<RegistrationOutcome.Reviewing>();
        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Reviewing>();

        await DecideAsync("return", new { reasons = new[] { new { field = "settlement.account", text = "卡号与户名不符" } } });
        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Returned>().Reasons.ShouldBe(
            new Dictionary<string, string> { ["settlement.account"] = "卡号与户名不符" });
        (await registration.SubmitAsync(Form() with { Sending = 2, Account = "6222600260001072444" }, CancellationToken.None))
            .ShouldBeOfType<RegistrationOutcome.Reviewing>();
        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Reviewing>();
        await DecideAsync("approve", new { });

        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Approved>().MerchantNo.ShouldMatch("^[0-9]{10}$");
    }

    [Fact]
    public async Task A_sending_again_is_the_same_sending()
    {
        var registration = Registration();
        await registration.SubmitAsync(Form(), CancellationToken.None);
        await registration.SubmitAsync(Form(), CancellationToken.None);

        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Reviewing>();
    }

    [Fact]
    public async Task A_first_sending_of_what_the_bank_knows_otherwise_corrects_it()
    {
        var registration = Registration();
        await registration.SubmitAsync(Form(), CancellationToken.None);

        (await registration.SubmitAsync(Form() with { MerchantName = "新名食堂" }, CancellationToken.None)).ShouldBeOfType<RegistrationOutcome.Reviewing>();
    }

    [Fact]
    public async Task A_later_sending_of_what_never_arrived_registers_the_merchant()
    {
        var registration = Registration();

        (await registration.SubmitAsync(Form() with { Sending = 2 }, CancellationToken.None)).ShouldBeOfType<RegistrationOutcome.Reviewing>();

        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Reviewing>();
    }

    [Fact]
    public async Task A_later_sending_of_the_same_words_is_reviewed_again()
    {
        var registration = Registration();
        await registration.SubmitAsync(Form(), CancellationToken.None);
        await DecideAsync("return", new { reasons = new[] { new { field = "documents.licence", text = "图片不清晰" } } });

        (await registration.SubmitAsync(Form() with { Sending = 2 }, CancellationToken.None)).ShouldBeOfType<RegistrationOutcome.Reviewing>();

        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Reviewing>();
    }

    [Fact]
    public async Task Numbers_of_people_do_not_come_back_in_the_banks_words()
    {
        var registration = Registration();
        await registration.SubmitAsync(Form(), CancellationToken.None);
        await DecideAsync("return", new { reasons = new[] { new { field = "residentId", text = "idtCard 11010519491231002X 校验错误，卡号 6228 4804 0256 4890 018，2030-12-31 到期" } } });

        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Returned>().Reasons["residentId"].ShouldBe("idtCard *** 校验错误，卡号 ***，2030-12-31 到期");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Numbers_of_people_do_not_come_back_in_what_refuses_a_request(bool isSigned)
    {
        await using var bank = await AnsweringAsync(async context =>
        {
            using var request = await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body);
            var number = request.RootElement.GetProperty("txnSeq").GetString();
            var sign = Convert.ToHexString(System.Security.Cryptography.HMACSHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes(Key), System.Text.Encoding.UTF8.GetBytes($"{number}|E|")));
            await context.Response.WriteAsJsonAsync(new
            {
                gateReturnType = "E",
                gateReturnCode = "11010519491231002X",
                gateReturnMessage = "idtCard 11010519491231002X 校验错误",
                body = "",
                sign = isSigned ? sign : "00",
            });
        });
        var registration = new BankRegistration(_http, Options() with { Url = new(bank.Urls.Single()) }, TimeProvider.System);

        var doubt = (await registration.SubmitAsync(Form(), CancellationToken.None)).ShouldBeOfType<RegistrationOutcome.Unknown>().Doubt;

        doubt.Kind.ShouldBe(isSigned ? DoubtKind.ChannelError : DoubtKind.BadSignature);
        doubt.Code.ShouldBe("***");
        doubt.Message.ShouldContain("idtCard *** 校验错误");
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_reason()
    {
        var registration = Registration();
        await registration.SubmitAsync(Form(), CancellationToken.None);

        await DecideAsync("refuse", new { reason = "行业不支持" });

        (await QueryAsync(registration)).ShouldBe(new RegistrationOutcome.Refused("行业不支持"));
    }

    [Fact]
    public async Task What_the_bank_has_not_heard_of_or_refuses_to_hear_is_unknown()
    {
        (await QueryAsync(Registration())).ShouldBeOfType<RegistrationOutcome.Unknown>().Doubt.Code.ShouldBe("MCHNT_NOT_EXIST");
        (await Registration("another-key").SubmitAsync(Form(), CancellationToken.None)).ShouldBeOfType<RegistrationOutcome.Unknown>()
            .Doubt.Kind.ShouldBe(DoubtKind.BadSignature);
        (await Registration().SubmitAsync(Form() with { Pictures = [new("licence", new byte[] { 1 })] }, CancellationToken.None))
            .ShouldBeOfType<RegistrationOutcome.Unknown>().Doubt.Code.ShouldBe("PARAM_ERROR");
    }

    [Fact]
    public async Task A_form_with_a_picture_missing_is_incomplete()
    {
        var registration = Registration();
        await registration.SubmitAsync(Form() with { Pictures = [] }, CancellationToken.None);

        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Incomplete>();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"gateReturnType":"S","gateReturnCode":"0000","gateReturnMessage":"","body":"{\"state\":\"approved\",\"mchntId\":\"1\"}","sign":"00"}""")]
    public async Task An_answer_that_nobody_signed_is_not_believed(string answer)
    {
        await using var forger = await AnsweringAsync(context => context.Response.WriteAsync(answer));
        var registration = new BankRegistration(_http, Options() with { Url = new(forger.Urls.Single()) }, TimeProvider.System);

        (await QueryAsync(registration)).ShouldBeOfType<RegistrationOutcome.Unknown>();
    }

    [Fact]
    public async Task A_bank_that_is_not_there_is_unknown()
    {
        await _bank.StopAsync();

        (await QueryAsync(Registration())).ShouldBeOfType<RegistrationOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.Unreachable);
    }

    [Fact]
    public void Numbers_and_keys_are_not_printed()
    {
        Form().ToString().ShouldNotContain("11010519491231002X");
        Options().ToString().ShouldNotContain(Key);
    }

    private static async Task<WebApplication> AnsweringAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var bank = builder.Build();
        bank.Run(answer);
        await bank.StartAsync();
        return bank;
    }

    private static RegistrationForm Form() => new()
    {
        OutMerchantId = "0123ABCD",
        Sending = 1,
        MerchantName = "示范食堂",
        LegalName = "福州示范餐饮有限公司",
        Licence = "91350100M000100Y43",
        LicenceValidUntil = new(9999, 12, 31),
        LegalPerson = "张三",
        ResidentId = "11010519491231002X",
        ContactName = "李四",
        ContactPhone = "13812345678",
        Province = "福建省",
        City = "福州市",
        Address = "鼓楼区五四路 1 号",
        RateBasisPoints = 60,
        Account = "6228480402564890018",
        AccountName = "张三",
        AccountBank = "中国农业银行",
        IsCorporateAccount = false,
        Pictures = [new("licence", Picture), new("id-front", Picture), new("id-back", Picture), new("bank-card", Picture)],
    };

    private static Task<RegistrationOutcome> QueryAsync(BankRegistration registration) => registration.QueryAsync("0123ABCD", CancellationToken.None);

    private BankRegistrationOptions Options(string key = Key) => new() { Url = new(_bank.Urls.Single()), PlatformId = "P1", Key = key };

    private BankRegistration Registration(string key = Key) => new(_http, Options(key), TimeProvider.System);

    private async Task DecideAsync(string decision, object body)
    {
        using var answer = await _http.PostAsync($"{_bank.Urls.Single()}/review/0123ABCD/{decision}", JsonContent.Create(body));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }
}
