using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Tests.Merchants;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.Functions.Tests;

/// <summary>Distributors, operators and the bank's desk for new merchants.</summary>
internal sealed partial class World
{
    public static readonly Caller Operator = new("11111111-1111-1111-1111-111111111111", "周运营", new HashSet<Role> { Role.Operator }, Scope.None);

    public FakePapers Papers { get; } = new();

    public FakeRegistration Registration { get; } = new();

    public ApplicationStore Applications => Get<ApplicationStore>();

    /// <summary>A distributor, and somebody who acts for it.</summary>
    public async Task<Caller> DistributorAsync(string key = "distributor-1", string name = "华东经销")
    {
        var (row, _) = await Get<DistributorStore>().InsertAsync(key, name, Clock.GetUtcNow(), CancellationToken.None);
        return new(
            "22222222-2222-2222-2222-222222222222", "陈经销", new HashSet<Role> { Role.Distributor },
            new(new HashSet<DistributorId> { row.Id }, new HashSet<MerchantId>()));
    }

    /// <summary>Somebody asks a desk; asks again when the function app dies meanwhile, as callers do.</summary>
    public async Task<Answer> AskAsync(Caller caller, string body, string? key, Func<HttpContext, Task<IResult>> askAsync)
    {
        for (var attempt = 0; attempt < MaxDeliveries; attempt++)
        {
            HandlerIsDead = false;
            try
            {
                var http = new DefaultHttpContext { RequestServices = _services };
                http.Features.Set(caller);
                http.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));
                if (key is not null)
                    http.Request.Headers["Idempotency-Key"] = key;
                return Answer.Of(await askAsync(http));
            }
            catch (Killed killed)
            {
                Failures.Add(killed);
            }
        }

        throw new InvalidOperationException("Nobody ever answered.");
    }

    public Task<Answer> FileAsync(Caller caller, string body, string key = "filing-1") =>
        AskAsync(caller, body, key, http => Get<ApplicationDesk>().FileAsync(http, CancellationToken.None));

    public Task<Answer> ChangeAsync(Caller caller, MerchantId merchant, string body) =>
        AskAsync(caller, body, null, http => Get<ApplicationDesk>().ChangeAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> SubmitAsync(Caller caller, MerchantId merchant, int version) =>
        AskAsync(caller, $$"""{"version":{{version}}}""", null, http => Get<ApplicationDesk>().SubmitAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> LookAsync(Caller caller, MerchantId merchant) =>
        AskAsync(caller, "", null, http => Get<ReviewDesk>().FindAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> SendToAsync(MerchantId merchant, string to) =>
        AskAsync(Operator, $$"""{"to":"{{to}}"}""", null, http => Get<ReviewDesk>().SendAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> TakeBackCodeAsync(MerchantId merchant) => AskAsync(
        Operator, """{"to":"manual","codeWasWrong":true}""", null, http => Get<ReviewDesk>().SendAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> ReturnAsync(MerchantId merchant, string field, string why) => AskAsync(
        Operator, $$$"""{"reasons":{"{{{field}}}":"{{{why}}}"}}""", null, http => Get<ReviewDesk>().ReturnAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> RefuseAsync(MerchantId merchant, string why) => AskAsync(
        Operator, $$"""{"reason":"{{why}}"}""", null, http => Get<ReviewDesk>().RefuseAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> ApproveAsync(MerchantId merchant, string code, string? again = null) => AskAsync(
        Operator, $$"""{"code":"{{code}}","codeAgain":"{{again ?? code}}"}""", null,
        http => Get<ReviewDesk>().ApproveAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> ActivateAsync(MerchantId merchant) =>
        AskAsync(Operator, "", null, http => Get<ReviewDesk>().ActivateAsync(merchant.Value, http, CancellationToken.None));

    public Task<Answer> MoveMerchantAsync(MerchantId merchant, MerchantState to) => AskAsync(
        Operator, """{"reason":"欠费"}""", null, http => Get<MerchantDesk>().MoveAsync(merchant.Value, to, http, CancellationToken.None));

    /// <summary>A submitted application.</summary>
    public async Task<MerchantId> SubmittedAsync(Caller distributor, string key = "filing-1", string? body = null)
    {
        var filed = (await FileAsync(distributor, body ?? SampleApplication.Body(), key)).View;
        Papers.Put(filed.MerchantId, FakePapers.All);
        (await SubmitAsync(distributor, filed.MerchantId, filed.Version)).View.State.ShouldBe("submitted");
        return filed.MerchantId;
    }

    /// <summary>A merchant that collects, with the verification code that the bank's gateway knows.</summary>
    public async Task<MerchantId> ActiveMerchantAsync(Caller distributor, string key = "filing-1", string code = FakeBank.MerchantId)
    {
        var merchant = await SubmittedAsync(distributor, key);
        (await SendToAsync(merchant, "manual")).Status.ShouldBe(200);
        (await ApproveAsync(merchant, code)).Status.ShouldBe(200);
        (await ActivateAsync(merchant)).View.State.ShouldBe("active");
        return merchant;
    }

    public Task NightAsync() => DeliverAsync<CanteenPay.Functions.Operations.Night>((function, _) => function.RunAsync(new(), CancellationToken.None));

    /// <summary>Every row of the tables of merchants, as text.</summary>
    public async Task<string> MerchantRowsAsync()
    {
        var text = new System.Text.StringBuilder();
        foreach (var table in new[] { "Merchants", "Distributors" })
        {
            await foreach (var row in Tables.GetTableClient(table).QueryAsync<TableEntity>(""))
                text.AppendJoin('|', row.Select(column => $"{column.Key}={column.Value}")).AppendLine();
        }

        return text.ToString();
    }

    /// <summary>What a desk answered.</summary>
    internal sealed record Answer(int Status, object? Value, IDictionary<string, string[]> Errors, string? Code)
    {
        /// <summary>The application that it shows.</summary>
        public ApplicationView View => Value.ShouldBeOfType<ApplicationView>(customMessage: ToString());

        public override string ToString() => $"{Status} {Code} {JsonSerializer.Serialize(Errors)}";

        public static Answer Of(IResult result)
        {
            var value = (result as IValueHttpResult)?.Value;
            var problem = value as Microsoft.AspNetCore.Mvc.ProblemDetails;
            return new(
                (result as IStatusCodeHttpResult)?.StatusCode ?? 200,
                value,
                (problem as HttpValidationProblemDetails)?.Errors ?? new Dictionary<string, string[]>(),
                problem?.Extensions.TryGetValue("code", out var code) == true ? code?.ToString() : null);
        }
    }
}
