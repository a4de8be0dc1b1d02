using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using CanteenPay.Azure.Tables;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.Azure.Tests.Tables;

public sealed class What_Azure_does_and_Azurite_does_not
{
    [Fact]
    public async Task Empty_pages_with_a_continuation_are_passed_over()
    {
        await using var server = await RestServer.StartAsync((request, response) =>
        {
            var (row, next) = request.Target switch
            {
                var target when target.Contains("NextRowKey=2") => ("", "3"),
                var target when target.Contains("NextRowKey=3") => ("""{"odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":"r","Fen@odata.type":"Edm.Int64","Fen":"7"}""", null),
                _ => ("", "2"),
            };
            if (next is not null)
            {
                response.Headers["x-ms-continuation-NextPartitionKey"] = "1!8!cA--";
                response.Headers["x-ms-continuation-NextRowKey"] = next;
            }

            return response.WriteAsync($$"""{"value":[{{row}}]}""");
        });
        (await Table(server).QueryAsync<Lunch>().ToListAsync()).ShouldBe([new Lunch("p", "r", 7, null, new("W/\"1\""))]);
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_query_that_does_not_advance_ends_in_an_error()
    {
        await using var server = await RestServer.StartAsync((_, response) =>
        {
            response.Headers["x-ms-continuation-NextPartitionKey"] = "same";
            return response.WriteAsync("""{"value":[]}""");
        });
        (await Should.ThrowAsync<RequestFailedException>(() => Table(server).QueryAsync<Lunch>().ToListAsync().AsTask())).Message.ShouldContain("does not advance");
    }

    [Fact]
    public async Task A_page_is_not_fetched_before_it_is_needed()
    {
        await using var server = await RestServer.StartAsync((_, response) =>
        {
            response.Headers["x-ms-continuation-NextPartitionKey"] = Guid.NewGuid().ToString();
            return response.WriteAsync("""{"value":[{"PartitionKey":"p","RowKey":"r"}]}""");
        });
        (await Table(server).QueryAsync<Lunch>().FirstAsync()).Id.ShouldBe("r");
        server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_transaction_that_was_refused_because_the_service_was_busy_is_sent_again()
    {
        var busy = true;
        await using var server = await RestServer.StartAsync((_, response) =>
        {
            response.StatusCode = 202;
            var part = busy
                ? "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n\r\n{\"odata.error\":{\"code\":\"ServerBusy\",\"message\":{\"lang\":\"en-US\",\"value\":\"The server is busy.\"}}}\r\n"
                : "HTTP/1.1 204 No Content\r\nETag: W/\"x\"\r\n\r\n";
            busy = false;
            return response.WriteAsync($"--batch_1\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n{part}--c--\r\n--batch_1--");
        });
        var etags = await Table(server).SubmitTransactionAsync([new(TableTransactionActionType.Add, new Lunch("p", "r", 1))]);
        etags.ShouldBe([new ETag("W/\"x\"")]);
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_transaction_answered_with_too_few_parts_is_not_taken_for_done()
    {
        await using var server = await RestServer.StartAsync((request, response) =>
        {
            response.StatusCode = request.Method == "POST" ? 202 : 404;
            return response.WriteAsync(request.Method == "POST" ? "--b\r\n\r\n--b--" : """{"odata.error":{"code":"ResourceNotFound","message":{"value":"no"}}}""");
        });
        await Should.ThrowAsync<TableTransactionFailedException>(() => Table(server).SubmitTransactionAsync([new(TableTransactionActionType.Add, new Lunch("p", "r", 1))]));
    }

    [Fact]
    public async Task A_shared_key_signs_the_date_and_the_path()
    {
        await using var server = await RestServer.StartAsync(404);
        await Should.ThrowAsync<RequestFailedException>(() => Table(server).GetEntityAsync<Lunch>("p", "好"));
        var request = server.Requests[0];
        var text = $"{request.Headers["x-ms-date"]}\n/acc/Lunches(PartitionKey='p',RowKey='%E5%A5%BD')";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String("c2VjcmV0"), Encoding.UTF8.GetBytes(text)));
        request.Headers["Authorization"].ShouldBe($"SharedKeyLite acc:{signature}");
        DateTimeOffset.ParseExact(request.Headers["x-ms-date"], "R", CultureInfo.InvariantCulture);
        string.CompareOrdinal(request.Headers["x-ms-version"], "2020-12-06").ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Entra_sends_a_token_for_storage()
    {
        await using var server = await RestServer.StartAsync(404);
        FixedToken credential = new();
        TableServiceClient service = new(new Uri("https://acc.table.core.windows.net"), credential, new() { Transport = Redirect.To(server) });
        await Should.ThrowAsync<RequestFailedException>(() => service.GetTableClient("Lunches").GetEntityAsync<Lunch>("p", "r"));
        credential.Scopes.ShouldBe(["https://storage.azure.com/.default"]);
        server.Requests[0].Headers["Authorization"].ShouldBe("Bearer token-1");
    }

    [Theory]
    [InlineData("AccountKey=c2VjcmV0", "AccountName")]
    [InlineData("AccountName=a", "AccountKey")]
    [InlineData("AccountName=a;AccountKey=*top-secret*", "AccountKey")]
    [InlineData("AccountName=a;AccountKey=c2VjcmV0;TableEndpoint=nowhere", "TableEndpoint")]
    [InlineData("nonsense", "Name=Value")]
    public void A_wrong_connection_string_is_told_without_its_secret(string connectionString, string words)
    {
        var message = Should.Throw<FormatException>(() => new TableServiceClient(connectionString)).Message;
        message.ShouldContain(words);
        message.ShouldNotContain("secret");
        message.ShouldNotContain("c2VjcmV0");
    }

    [Fact]
    public void Values_in_filters_are_quoted()
    {
        var time = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.FromHours(8));
        TableClient.CreateQueryFilter($"A eq {"o'clock' or 1 eq 1"} and B gt {5L} and C lt {time} and D eq {true} and E eq {3}")
            .ShouldBe("A eq 'o''clock'' or 1 eq 1' and B gt 5L and C lt datetime'2026-11-22T02:00:00.0000000Z' and D eq true and E eq 3");
        Should.Throw<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {null}"));
    }

    [Fact]
    public void Types_that_a_table_cannot_store_are_refused_where_they_are_set()
    {
        TableEntity row = new("p", "r");
        Should.Throw<ArgumentException>(() => row["Price"] = 12.5m).Message.ShouldContain("Price");
        Should.Throw<ArgumentException>(() => row["Day"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local));
        Should.Throw<ArgumentException>(() => row["Ratio"] = double.NaN);
        Should.Throw<ArgumentException>(() => row["Old"] = DateTimeOffset.MinValue);
        row["Fen"] = 5;
        row.GetInt64("Fen").ShouldBe(5);
        Should.Throw<InvalidOperationException>(() => row.GetString("Fen")).Message.ShouldContain("Fen");
    }

    private static TableClient Table(RestServer server) => new TableServiceClient(
        $"AccountName=acc;AccountKey=c2VjcmV0;TableEndpoint={server.Address}", new() { Retry = { Delay = TimeSpan.FromMilliseconds(1) } }).GetTableClient("Lunches");
}
