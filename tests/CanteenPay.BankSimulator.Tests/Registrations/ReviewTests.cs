using System.Net;

namespace CanteenPay.BankSimulator.Tests.Registrations;

public sealed class ReviewTests : IAsyncLifetime
{
    private TestBank _bank = null!;
    private Platform _platform = null!;

    public async Task InitializeAsync()
    {
        _bank = await TestBank.StartAsync();
        _platform = new(_bank);
        await _platform.RegisterAsync("M1");
    }

    [Fact]
    public async Task The_reviewer_finds_the_merchant_in_the_list_and_sees_all_fields_and_pictures()
    {
        (await _bank.Http.GetStringAsync("/review")).ShouldContain("青松食堂");
        var page = await _bank.Http.GetStringAsync("/review/M1");

        foreach (var shown in new[] { "91110000600037341L", "11010519491231002X", "6228480402564890018", "张伟", "data-state=\"reviewing\"", "/review/M1/picture/bank-card" })
            page.ShouldContain(shown);
        using var picture = await _bank.Http.GetAsync("/review/M1/picture/id-front");
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        (await picture.Content.ReadAsByteArrayAsync()).ShouldBe(Platform.Jpeg);
    }

    [Fact]
    public async Task A_form_with_words_beside_two_fields_returns_the_merchant_for_both()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["documents.licence"] = "照片不清楚",
            ["settlement.account"] = "户名不符",
            ["address"] = "",
        });

        using var answer = await _bank.Http.PostAsync("/review/M1/return", form);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await _platform.QueryAsync("M1"))["reasons"]!.AsArray().Select(r => $"{r!["field"]}: {r["text"]}")
            .ShouldBe(["settlement.account: 户名不符", "documents.licence: 照片不清楚"]);
        (await _bank.Http.GetStringAsync("/review/M1")).ShouldContain("照片不清楚");
    }

    [Theory]
    [InlineData("return", "{}")]
    [InlineData("return", """{"reasons":[]}""")]
    [InlineData("return", """{"reasons":[{"field":"address","text":""}]}""")]
    [InlineData("refuse", """{"reason":""}""")]
    [InlineData("refuse", "no")]
    public async Task A_decision_against_the_merchant_says_why(string decision, string body)
    {
        (await _platform.DecideAsync("M1", decision, body)).ShouldBe(400);

        (await _platform.StateAsync("M1")).ShouldBe("reviewing");
    }

    [Fact]
    public async Task Only_what_waits_is_decided_and_only_by_the_banks_own_page()
    {
        await _platform.AskAsync("mchntAdd", Platform.Merchant("M2"));

        (await _platform.DecideAsync("M2", "approve", "{}")).ShouldBe(409, "it is not complete");
        (await _platform.DecideAsync("M3", "approve", "{}")).ShouldBe(404);
        (await _platform.DecideAsync("M1", "approve", "{}", origin: "https://elsewhere.example")).ShouldBe(400);
        (await _platform.StateAsync("M1")).ShouldBe("reviewing");
        (await _platform.DecideAsync("M1", "approve", "{}", origin: "http://localhost")).ShouldBe(200);
    }

    [Fact]
    public async Task Another_machine_does_not_reach_the_reviewers_desk() =>
        (await _bank.StatusFromAsync(IPAddress.Parse("10.0.0.9"), "/review/M1")).ShouldBe(404);

    [Fact]
    public async Task What_a_merchant_wrote_is_shown_as_text()
    {
        var body = Platform.Merchant("M2");
        body["mchntName"] = "<script>alert(1)</script>";
        await _platform.AskAsync("mchntAdd", body);

        (await _bank.Http.GetStringAsync("/review")).ShouldNotContain("<script>");
        (await _bank.Http.GetStringAsync("/review/M2")).ShouldNotContain("<script>");
    }

    public async Task DisposeAsync() => await _bank.DisposeAsync();
}
