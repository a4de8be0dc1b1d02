using System.Net;
using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.EventGrid;
using CanteenPay.LocalCloud.Tests.Composition;
using CanteenPay.Mqtt;

namespace CanteenPay.LocalCloud.Tests.EventGrid;

/// <summary>The clients of the namespace as Azure Resource Manager writes them, and what the real broker makes of them.</summary>
[Collection(nameof(TestCloud))]
public sealed class Namespace_clients(TestCloud cloud)
{
    private const string Version = "?api-version=2025-02-15";

    [Fact]
    public async Task A_client_is_created_then_updated_and_read_as_it_was_written()
    {
        (await PutAsync("ARMMACH1", Body("ARMMACH1"))).Status.ShouldBe(HttpStatusCode.Created);
        var (status, written) = await PutAsync("ARMMACH1", Body("ARMMACH1", merchant: "STRANGER"));
        var (_, read) = await SendAsync(HttpMethod.Get, "ARMMACH1");

        status.ShouldBe(HttpStatusCode.OK);
        written.GetProperty("properties").GetProperty("provisioningState").GetString().ShouldBe("Updating");
        var properties = read.GetProperty("properties");
        properties.GetProperty("provisioningState").GetString().ShouldBe("Succeeded");
        properties.GetProperty("attributes").GetProperty("merchant").GetString().ShouldBe("STRANGER");
        read.GetProperty("id").GetString().ShouldBe($"{NamespaceEndpoint.NamespaceId}/clients/ARMMACH1");
        (await SendAsync(HttpMethod.Delete, "ARMMACH1")).Status.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(HttpMethod.Get, "ARMMACH1")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(HttpMethod.Delete, "ARMMACH1")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_client_publishes_while_it_is_enabled_and_is_cut_off_with_its_living_connection_when_it_is_disabled()
    {
        (await PutAsync("ARMMACH2", Body("ARMMACH2"))).Status.ShouldBe(HttpStatusCode.Created);
        await using var machine = cloud.Machine("ARMMACH2");
        var inbox = new Inbox(machine);
        machine.Start();
        await machine.SubscribeAsync("canteen/v1/devices/ARMMACH2/down/#");
        // Its list is read again a moment after it was written.
        await Eventually.Async(async () => !await IsRefusedAsync(machine, "canteen/v1/devices/ARMMACH2/up/status"), "it may publish");
        (await cloud.PublishAsync("canteen/v1/devices/ARMMACH2/down/payments", "before")).EnsureSuccessStatusCode();
        await Eventually.True(() => inbox.Has("before"), "it reads its own");

        (await PutAsync("ARMMACH2", Body("ARMMACH2", state: "Disabled"))).Status.ShouldBe(HttpStatusCode.OK);

        await Eventually.Async(async () => await IsRefusedAsync(machine, "canteen/v1/devices/ARMMACH2/up/status"), "it can publish no more");
        (await cloud.PublishAsync("canteen/v1/devices/ARMMACH2/down/payments", "after")).EnsureSuccessStatusCode();
        (await PutAsync("ARMMACH2", Body("ARMMACH2"))).Status.ShouldBe(HttpStatusCode.OK);
        await Eventually.Async(async () => !await IsRefusedAsync(machine, "canteen/v1/devices/ARMMACH2/up/status"), "it is let in again");
        (await cloud.PublishAsync("canteen/v1/devices/ARMMACH2/down/payments", "again")).EnsureSuccessStatusCode();
        await Eventually.True(() => inbox.Has("again"), "it reads again");
        inbox.Has("after").ShouldBeFalse();
    }

    [Theory]
    [InlineData("other", """{"properties":{"authenticationName":"OTHER","state":"Enabled","clientCertificateAuthentication":{"validationScheme":"SubjectMatchesAuthenticationName"},"attributes":{"kind":"machine","merchant":"DEVMERCH"}}}""")]
    [InlineData("ODD1", """{"properties":{"authenticationName":"ODD1","state":"enabled","clientCertificateAuthentication":{"validationScheme":"SubjectMatchesAuthenticationName"},"attributes":{"kind":"machine","merchant":"DEVMERCH"}}}""")]
    [InlineData("ODD1", """{"properties":{"authenticationName":"ODD1","state":"Enabled","clientCertificateAuthentication":{"validationScheme":"ThumbprintMatch"},"attributes":{"kind":"machine","merchant":"DEVMERCH"}}}""")]
    [InlineData("ODD1", """{"properties":{"authenticationName":"ODD1","state":"Enabled","clientCertificateAuthentication":{"validationScheme":"SubjectMatchesAuthenticationName"},"attributes":{"merchant":"DEVMERCH"}}}""")]
    [InlineData("ODD1", """{"properties":{"authenticationName":"ODD1","state":"Enabled","clientCertificateAuthentication":{"validationScheme":"SubjectMatchesAuthenticationName"},"attributes":{"kind":"machine","merchant":"a\nuser x"}}}""")]
    [InlineData("ODD.1", """{"properties":{"authenticationName":"ODD.1","state":"Enabled","clientCertificateAuthentication":{"validationScheme":"SubjectMatchesAuthenticationName"},"attributes":{"kind":"machine","merchant":"DEVMERCH"}}}""")]
    [InlineData("ODD1", "{}")]
    [InlineData("ODD1", "null")]
    [InlineData("ODD1", "no json")]
    public async Task What_is_not_played_here_is_refused_in_words(string name, string body)
    {
        var (status, error) = await PutAsync(name, body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        error.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        (await SendAsync(HttpMethod.Get, name)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_name_that_differs_in_case_alone_is_a_conflict() =>
        (await PutAsync("devmach1", Body("devmach1"))).Status.ShouldBe(HttpStatusCode.Conflict);

    [Theory]
    [InlineData("", true, HttpStatusCode.BadRequest)]
    [InlineData("?api-version=latest", true, HttpStatusCode.BadRequest)]
    [InlineData(Version, false, HttpStatusCode.Unauthorized)]
    public async Task Without_version_or_key_nothing_is_told(string query, bool hasKey, HttpStatusCode expected) =>
        (await SendAsync(HttpMethod.Get, "DEVMACH1", query: query, hasKey: hasKey)).Status.ShouldBe(expected);

    private static async Task<bool> IsRefusedAsync(MosquittoClient machine, string topic)
    {
        try
        {
            await machine.PublishAsync(new(topic, "{}"u8.ToArray()));
            return false;
        }
        catch (MqttException)
        {
            return true;
        }
    }

    private static string Body(string name, string state = "Enabled", string merchant = "DEVMERCH") => $$$"""
        {"properties":{"authenticationName":"{{{name}}}","state":"{{{state}}}","clientCertificateAuthentication":{"validationScheme":"SubjectMatchesAuthenticationName"},
         "attributes":{"kind":"machine","merchant":"{{{merchant}}}" } } }
        """;

    private Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(string name, string body) => SendAsync(HttpMethod.Put, name, body);

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string name, string? body = null, string query = Version, bool hasKey = true)
    {
        using var request = new HttpRequestMessage(method, $"{cloud.Addresses.EventGrid}{NamespaceEndpoint.NamespaceId}/clients/{name}{query}");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (hasKey)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"SharedAccessKey {cloud.Addresses.EventGridKey}");
        }

        using var response = await cloud.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }
}
