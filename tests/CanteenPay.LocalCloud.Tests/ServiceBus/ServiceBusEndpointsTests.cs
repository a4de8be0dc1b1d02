using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.ServiceBus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace CanteenPay.LocalCloud.Tests.ServiceBus;

public sealed class ServiceBusEndpointsTests : IAsyncLifetime
{
    private static readonly SasOptions Sas = new("RootManageSharedAccessKey", "a key of the tests");
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly HttpClient _client = new();
    private QueueStore _store = null!;
    private WebApplication _server = null!;

    public async Task InitializeAsync()
    {
        _store = new QueueStore(new QueueStoreOptions { File = _folder.File("queues.db"), Queues = ["jobs", "parked"] }, _time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        ServiceBusEndpoints.Map(_server, _store, Sas, _time);
        await _server.StartAsync();
        _client.BaseAddress = new Uri(_server.Urls.First());
        _client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Token("", Sas.Key, TimeSpan.FromMinutes(5)));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _store.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_message_is_sent_received_under_a_lock_and_completed()
    {
        using var send = Post("jobs/messages", "{\"n\":1}", """{"MessageId":"m-1","Label":"job","CorrelationId":"c-1","TimeToLive":600}""");
        send.Headers.TryAddWithoutValidation("tenant", "\"\\u996d\\u5802 t1\"");
        send.Headers.TryAddWithoutValidation("n", "3");
        send.Headers.TryAddWithoutValidation("x-ms-return-client-request-id", "true");
        (await _client.SendAsync(send)).StatusCode.ShouldBe(HttpStatusCode.Created);

        using var received = await _client.PostAsync("jobs/messages/head?timeout=0", null);
        received.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await received.Content.ReadAsStringAsync()).ShouldBe("{\"n\":1}");
        received.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        JsonElement.Parse(received.Headers.GetValues("tenant").Single()).GetString().ShouldBe("饭堂 t1");
        received.Headers.GetValues("n").Single().ShouldBe("3");
        received.Headers.Contains("x-ms-return-client-request-id").ShouldBeFalse();
        var properties = JsonElement.Parse(received.Headers.GetValues("BrokerProperties").Single());
        properties.GetProperty("MessageId").GetString().ShouldBe("m-1");
        properties.GetProperty("DeliveryCount").GetInt32().ShouldBe(1);
        properties.GetProperty("TimeToLive").GetDouble().ShouldBe(600);
        properties.GetProperty("LockedUntilUtc").GetString().ShouldBe("Sun, 22 Nov 2026 02:01:00 GMT");

        (await _client.PostAsync(received.Headers.Location, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.DeleteAsync(received.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.DeleteAsync(received.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _client.PostAsync("jobs/messages/head?timeout=0", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task An_unlocked_message_comes_again_and_dead_letters_have_their_own_address()
    {
        await SendAsync("poison", """{"MessageId":"m-1"}""");
        for (var i = 0; i < 10; i++)
            (await _client.PutAsync(await ReceiveAsync("jobs"), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 10; i++)
            (await _client.PutAsync(await ReceiveAsync("parked"), null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var dead = await _client.PostAsync("parked/$deadletterqueue/messages/head?timeout=0", null);
        dead.StatusCode.ShouldBe(HttpStatusCode.Created);
        JsonElement.Parse(dead.Headers.GetValues("BrokerProperties").Single()).GetProperty("DeadLetterSource").GetString().ShouldBe("jobs");
        dead.Headers.GetValues("DeadLetterReason").Single().ShouldBe("\"MaxDeliveryCountExceeded\"");
        (await _client.DeleteAsync(dead.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_batch_carries_properties_per_message_and_headers_are_ignored()
    {
        using var batch = Post("jobs/messages", """
            [{"Body":"a","BrokerProperties":{"MessageId":"1","Label":"x"},"UserProperties":{"tenant":"t1"}},{"Body":"b","BrokerProperties":{"MessageId":"2"}},{"Body":"c","BrokerProperties":{"MessageId":"1"}}]
            """, """{"MessageId":"header"}""", "application/vnd.microsoft.servicebus.json");
        (await _client.SendAsync(batch)).StatusCode.ShouldBe(HttpStatusCode.Created);

        var first = (await _store.ReceiveAsync("jobs", TimeSpan.Zero, default))!;
        (first.MessageId, first.Message.Label, first.Message.Properties["tenant"].GetString()).ShouldBe(("1", "x", "t1"));
        (await _store.ReceiveAsync("jobs", TimeSpan.Zero, default))!.MessageId.ShouldBe("2");
        (await _store.ReceiveAsync("jobs", TimeSpan.Zero, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_scheduled_message_waits_for_its_time()
    {
        await SendAsync("later", """{"ScheduledEnqueueTimeUtc":"Sun, 22 Nov 2026 02:00:05 GMT"}""");
        (await _store.ReceiveAsync("jobs", TimeSpan.Zero, default)).ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(5));
        (await _store.ReceiveAsync("jobs", TimeSpan.Zero, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_duplicate_still_answers_201()
    {
        await SendAsync("one", """{"MessageId":"m-1"}""");
        await SendAsync("two", """{"MessageId":"m-1"}""");
        _store.Status().Single(q => q.Name == "jobs").Ready.ShouldBe(1);
    }

    [Fact]
    public async Task No_or_bad_tokens_are_401()
    {
        foreach (var token in (string?[])[null, "Bearer x", "SharedAccessSignature nonsense", Token("", "another key", TimeSpan.FromMinutes(5)),
            Token("", Sas.Key, TimeSpan.FromMinutes(-1)), Token("/parked", Sas.Key, TimeSpan.FromMinutes(5)), Token("/job", Sas.Key, TimeSpan.FromMinutes(5)),
            Token("", Sas.Key, TimeSpan.FromMinutes(5), "another name")])
        {
            using var request = Post("jobs/messages", "x");
            request.Headers.Remove("Authorization");
            using var client = new HttpClient();
            request.RequestUri = new Uri(_client.BaseAddress!, "jobs/messages");
            if (token is not null)
                request.Headers.TryAddWithoutValidation("Authorization", token);
            (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, token);
        }
        _store.Status().Single(q => q.Name == "jobs").Counts.Sent.ShouldBe(0);
    }

    [Fact]
    public async Task A_token_for_one_queue_opens_that_queue()
    {
        using var client = new HttpClient { BaseAddress = _client.BaseAddress };
        using var request = Post("jobs/messages", "x");
        request.Headers.TryAddWithoutValidation("Authorization", Token("/jobs", Sas.Key, TimeSpan.FromMinutes(5)));
        (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("nowhere", "x", "{}", HttpStatusCode.Gone)]
    [InlineData("jobs", "x", "{\"ScheduledEnqueueTimeUtc\":\"2026-11-22T02:00:05Z\"}", HttpStatusCode.BadRequest)]
    [InlineData("jobs", "x", "{\"MessageId\":7}", HttpStatusCode.BadRequest)]
    [InlineData("jobs", "x", "{\"TimeToLive\":0}", HttpStatusCode.BadRequest)]
    [InlineData("jobs", "x", "not json", HttpStatusCode.BadRequest)]
    public async Task What_Azure_refuses_is_refused(string queue, string body, string broker, HttpStatusCode expected)
    {
        using var request = Post(queue + "/messages", body, broker);
        (await _client.SendAsync(request)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task More_than_256_KB_is_403()
    {
        using var request = Post("jobs/messages", new string('x', 256 * 1024 + 1));
        (await _client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var fits = Post("jobs/messages", new string('x', 255 * 1024));
        (await _client.SendAsync(fits)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private async Task SendAsync(string body, string broker)
    {
        using var request = Post("jobs/messages", body, broker);
        (await _client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private async Task<Uri> ReceiveAsync(string queue)
    {
        using var response = await _client.PostAsync(queue + "/messages/head?timeout=5", null);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        return response.Headers.Location!;
    }

    private static HttpRequestMessage Post(string path, string body, string? broker = null, string type = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (broker is not null)
            request.Headers.TryAddWithoutValidation("BrokerProperties", broker);
        return request;
    }

    private string Token(string path, string key, TimeSpan life, string name = "RootManageSharedAccessKey")
    {
        var resource = Uri.EscapeDataString(_client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path);
        var expiry = (_time.GetUtcNow() + life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(resource + "\n" + expiry)));
        return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(signature)}&se={expiry}&skn={Uri.EscapeDataString(name)}";
    }
}
