using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Tests.Composition;

namespace CanteenPay.LocalCloud.Tests.Faults;

/// <summary>Each hop's faults on the real parts, ordered over HTTP as a lunch orders them.</summary>
[Collection(nameof(TestCloud))]
public sealed class Faults_of_a_whole_cloud(TestCloud cloud) : IAsyncLifetime
{
    private const string Up = "canteen/v1/devices/DEVMACH1/up/status";
    private const string Down = "canteen/v1/devices/DEVMACH1/down/payments";

    public Task InitializeAsync() => OrderAsync(HttpMethod.Put, "/faults", """{"seed":1,"hops":{}}""");

    public Task DisposeAsync() => OrderAsync(HttpMethod.Delete, "/faults");

    [Fact]
    public async Task A_machines_message_is_dropped_although_the_broker_acknowledged_it_and_doubled()
    {
        await using var machine = cloud.Machine("DEVMACH1", $"DEVMACH1-{Guid.NewGuid():N}", TimeSpan.Zero);
        machine.Start();
        await SetAsync("machine-to-cloud", """{"drop":1}""");
        var (dropped, doubled) = ($"dropped {Guid.NewGuid()}", $"doubled {Guid.NewGuid()}");
        await machine.PublishAsync(new(Up, Encoding.UTF8.GetBytes(dropped)));
        await Eventually.Async(async () => await CountAsync("machine-to-cloud", "drop") == 1, "the message is dropped");
        await SetAsync("machine-to-cloud", """{"double":1}""");

        await machine.PublishAsync(new(Up, Encoding.UTF8.GetBytes(doubled)));

        await Eventually.True(() => Routed(doubled).Count == 2, "the message is routed twice");
        Routed(doubled).Select(e => e.GetProperty("id").GetString()).Distinct().Count().ShouldBe(2, "no duplicate detection may hide it");
        Routed(dropped).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_published_message_is_accepted_and_dropped_or_comes_twice_or_late_with_less_time_left()
    {
        await using var machine = cloud.Machine("DEVMACH1", $"DEVMACH1-{Guid.NewGuid():N}", TimeSpan.Zero);
        var inbox = new Inbox(machine);
        machine.Start();
        await machine.SubscribeAsync("canteen/v1/devices/DEVMACH1/down/#");
        var (dropped, doubled, late) = ($"dropped {Guid.NewGuid()}", $"doubled {Guid.NewGuid()}", $"late {Guid.NewGuid()}");

        await SetAsync("cloud-to-machine", """{"drop":1}""");
        (await cloud.PublishAsync(Down, dropped)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await SetAsync("cloud-to-machine", """{"delay":{"share":1,"ms":1200}}""");
        (await cloud.PublishAsync(Down, late, ("mqtt-message-expiry", "10"))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        inbox.Has(late).ShouldBeFalse();
        await Eventually.True(() => inbox.Has(late), "the late message arrives");
        await SetAsync("cloud-to-machine", """{"double":1}""");
        (await cloud.PublishAsync(Down, doubled)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await Eventually.True(() => inbox.Times(doubled) == 2, "the message arrives twice");
        inbox.Find(late)!.Expiry!.Value.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        inbox.Has(dropped).ShouldBeFalse();
    }

    [Fact]
    public async Task A_send_is_refused_with_nothing_stored_or_stored_and_answered_500()
    {
        await SetAsync("service-bus", """{"refuse":1}""");
        using (var refused = await SendAsync("refused"))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("50009");
        }

        await SetAsync("service-bus", """{"lostAnswer":1}""");
        var stored = $"stored {Guid.NewGuid()}";
        using var lost = await SendAsync(stored);

        lost.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        await Eventually.True(() => Bodies().Contains(stored), "the message is delivered although its sender was told of an error");
        Bodies().ShouldNotContain("refused");
    }

    [Fact]
    public async Task A_doubled_send_is_stored_twice_only_where_no_message_id_lets_the_queue_see_it()
    {
        await SetAsync("service-bus", """{"double":1}""");
        var (named, nameless) = ($"named {Guid.NewGuid()}", $"nameless {Guid.NewGuid()}");

        (await SendAsync(named, messageId: named)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(nameless)).StatusCode.ShouldBe(HttpStatusCode.Created);

        await Eventually.True(() => Bodies().Count(b => b == nameless) == 2, "both copies are delivered");
        Bodies().Count(b => b == named).ShouldBe(1);
    }

    [Fact]
    public async Task A_throttled_table_does_nothing_and_says_ServerBusy()
    {
        await SetAsync("tables", """{"throttle":1}""");
        var row = $"{Guid.NewGuid():N}";

        using var answer = await InsertAsync(row);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("odata.error").GetProperty("code").GetString().ShouldBe("ServerBusy");
        answer.Headers.RetryAfter.ShouldBeNull();
        await SetAsync("tables", "{}");
        (await ReadAsync(row)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_table_row_is_written_although_the_connection_is_cut_without_an_answer()
    {
        await SetAsync("tables", """{"lostAnswer":1}""");
        var row = $"{Guid.NewGuid():N}";

        await Should.ThrowAsync<HttpRequestException>(InsertAsync(row));

        await SetAsync("tables", "{}");
        (await ReadAsync(row)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_front_door_refuses_loses_answers_and_lets_a_request_in_twice()
    {
        await SetAsync("front-door", """{"refuse":1}""");
        (await NotifyAsync("refused")).ShouldBe("503");
        await SetAsync("front-door", """{"lostAnswer":1}""");
        (await NotifyAsync("lost")).ShouldBe("no answer");
        await SetAsync("front-door", """{"double":1}""");
        (await NotifyAsync("doubled")).ShouldBe("200");

        Posted().Where(p => p is "refused" or "lost" or "doubled").ShouldBe(["lost", "doubled", "doubled"]);
    }

    [Fact]
    public async Task The_handler_dies_after_exactly_the_nth_io_and_is_started_again()
    {
        var rows = Enumerable.Range(0, 4).Select(_ => $"{Guid.NewGuid():N}").ToArray();
        var before = await HandlerAsync();
        await OrderAsync(HttpMethod.Post, "/handlers/kill-after/3");

        (await InsertAsync(rows[0])).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync("an I/O too")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await HandlerAsync()).ShouldBe(before);
        await Should.ThrowAsync<HttpRequestException>(InsertAsync(rows[2]));

        ProcessRecord.ReadStartTicks(before).ShouldBeNull();
        (await InsertAsync(rows[3])).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ReadAsync(rows[2])).ShouldBe(HttpStatusCode.OK, "the last effect stands");
        (await CountAsync("handler-kill", "kill")).ShouldBe(1);
        await Eventually.Async(async () => await HandlerAsync() != 0, "the handler is started again");
        (await HandlerAsync()).ShouldNotBe(before);
    }

    [Fact]
    public async Task The_handler_is_gone_when_the_order_to_kill_it_is_answered_and_is_started_again()
    {
        await Eventually.Async(async () => await HandlerAsync() != 0, "a handler runs");
        var before = await HandlerAsync();

        await OrderAsync(HttpMethod.Post, "/handlers/kill");

        ProcessRecord.ReadStartTicks(before).ShouldBeNull();
        await Eventually.Async(async () => await HandlerAsync() is not 0 and var now && now != before, "the handler is started again");
    }

    [Theory]
    [InlineData("PUT", "/faults/tables", """{"drop":1}""", "tables has no fault drop")]
    [InlineData("PUT", "/faults/tables", """{"throtle":1}""", "throtle")]
    [InlineData("PUT", "/faults/tables", "not JSON", "invalid")]
    [InlineData("PUT", "/faults/moon", "{}", "There is no hop 'moon'")]
    [InlineData("PUT", "/faults", """{"hops":{"moon":{}}}""", "There is no hop 'moon'")]
    [InlineData("PUT", "/faults", "{}", "hops")]
    [InlineData("POST", "/handlers/kill-after/0", "", "not from 1")]
    [InlineData("POST", "/handlers/kill-after/x", "", "not from 1")]
    public async Task A_wrong_order_is_refused_with_the_reason(string method, string path, string body, string reason)
    {
        using var request = new HttpRequestMessage(new(method), cloud.Addresses.Status + path) { Content = new StringContent(body) };
        using var answer = await cloud.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(reason, Case.Insensitive);
    }

    [Fact]
    public async Task The_status_page_shows_what_is_wrong_on_purpose_and_a_switch_to_end_it()
    {
        await SetAsync("tables", """{"throttle":0.25}""");

        var page = await cloud.Http.GetStringAsync(cloud.Addresses.Status);

        foreach (var expected in new[] { "故障 Faults", "machine-to-cloud", "&quot;throttle&quot;:0.25", "data-path=\"/faults\" data-method=DELETE" })
        {
            page.ShouldContain(expected);
        }

        await OrderAsync(HttpMethod.Delete, "/faults");
        (await cloud.Http.GetStringAsync(cloud.Addresses.Status)).ShouldNotContain("&quot;throttle&quot;");
    }

    private Task SetAsync(string hop, string settings) => OrderAsync(HttpMethod.Put, $"/faults/{hop}", settings);

    private async Task OrderAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, cloud.Addresses.Status + path) { Content = body is null ? null : new StringContent(body) };
        using var answer = await cloud.Http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private async Task<long> CountAsync(string hop, string fault) =>
        (await cloud.Http.GetFromJsonAsync<JsonElement>($"{cloud.Addresses.Status}/faults")).GetProperty("hops").GetProperty(hop).GetProperty("counts").GetProperty(fault).GetInt64();

    /// <returns>0 while none runs.</returns>
    private async Task<int> HandlerAsync() =>
        (await cloud.StatusAsync()).GetProperty("functions").GetProperty("handlers")[0].GetProperty("processId") is { ValueKind: JsonValueKind.Number } pid ? pid.GetInt32() : 0;

    private List<JsonElement> Routed(string payload)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload));
        return [.. TestApp.Events(cloud.Received, "MachineStatus").Where(e => e.GetProperty("data_base64").GetString() == encoded)];
    }

    /// <summary>Events whose payload a test sent to the queue itself.</summary>
    private List<string> Bodies() =>
        [.. TestApp.Events(cloud.Received, "MachineStatus").Where(e => e.TryGetProperty("sent", out _)).Select(e => e.GetProperty("sent").GetString()!)];

    private Task<HttpResponseMessage> SendAsync(string body, string? messageId = null)
    {
        var key = cloud.Addresses.ServiceBusConnectionString.Split(';').Single(p => p.StartsWith("SharedAccessKey=", StringComparison.Ordinal))["SharedAccessKey=".Length..];
        var resource = cloud.Addresses.ServiceBus;
        var expiry = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(resource)}\n{expiry}")));
        var request = new HttpRequestMessage(HttpMethod.Post, $"{resource}/device-status/messages") { Content = JsonContent.Create(new { sent = body, data_base64 = "" }) };
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"SharedAccessSignature sr={Uri.EscapeDataString(resource)}&sig={Uri.EscapeDataString(signature)}&se={expiry}&skn=RootManageSharedAccessKey");
        if (messageId is not null)
        {
            request.Headers.TryAddWithoutValidation("BrokerProperties", $$"""{"MessageId":"{{messageId}}"}""");
        }

        return cloud.Http.SendAsync(request);
    }

    private Task<HttpResponseMessage> InsertAsync(string row) => TableAsync(HttpMethod.Post, "Parked", $$"""{"PartitionKey":"faults","RowKey":"{{row}}"}""");

    private async Task<HttpStatusCode> ReadAsync(string row)
    {
        using var answer = await TableAsync(HttpMethod.Get, $"Parked(PartitionKey='faults',RowKey='{row}')");
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> TableAsync(HttpMethod method, string path, string? body = null)
    {
        var request = new HttpRequestMessage(method, $"{cloud.Addresses.Tables}/{path}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        var date = DateTimeOffset.UtcNow.ToString("R");
        var signed = Encoding.UTF8.GetBytes($"{date}\n/{Azurite.Account}{request.RequestUri!.AbsolutePath}");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Azurite.AccountKey), signed));
        request.Headers.TryAddWithoutValidation("x-ms-date", date);
        request.Headers.TryAddWithoutValidation("x-ms-version", "2020-12-06");
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKeyLite {Azurite.Account}:{signature}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;odata=nometadata");
        request.Headers.TryAddWithoutValidation("Prefer", "return-no-content");
        return cloud.Http.SendAsync(request);
    }

    private async Task<string> NotifyAsync(string body)
    {
        try
        {
            using var answer = await cloud.Http.PostAsync($"{cloud.Addresses.Functions}/api/notify", new StringContent(body));
            return $"{(int)answer.StatusCode}";
        }
        catch (HttpRequestException)
        {
            return "no answer";
        }
    }

    /// <summary>Bodies that were posted to the app's HTTP function, in their order.</summary>
    private string[] Posted() => File.Exists(Path.Combine(cloud.Received, "posted")) ? File.ReadAllLines(Path.Combine(cloud.Received, "posted")) : [];
}
