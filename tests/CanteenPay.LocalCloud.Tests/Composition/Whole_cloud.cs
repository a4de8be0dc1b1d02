using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Status;

namespace CanteenPay.LocalCloud.Tests.Composition;

[Collection(nameof(TestCloud))]
public sealed class Whole_cloud(TestCloud cloud)
{
    [Fact]
    public async Task Every_table_of_the_config_is_there()
    {
        using var tables = JsonDocument.Parse(await ReadRowAsync("Tables"));

        tables.RootElement.GetProperty("value").EnumerateArray().Select(t => t.GetProperty("TableName").GetString()).Order()
            .ShouldBe(cloud.Config.Tables.Order());
    }

    [Fact]
    public async Task Every_container_of_the_config_is_there_and_private()
    {
        foreach (var container in cloud.Config.Containers!)
        {
            using var answer = await cloud.Http.GetAsync($"{cloud.Addresses.Blobs}/{container}?restype=container");
            // Who is nobody hears that it is there for others: one that is not would be 404.
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task The_configs_requests_have_reached_the_app_once_with_the_personas_token_and_what_was_kept_made_a_machine()
    {
        File.ReadAllLines(Path.Combine(cloud.Received, "posted")).Count(body => body == "\"asked-at-the-start\"").ShouldBe(1);
        var bearer = File.ReadAllLines(Path.Combine(cloud.Received, "bearers"))[0];
        bearer.ShouldStartWith("Bearer ");
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(bearer.Split('.')[1])).ShouldContain("\"Operator\"");

        await using var machine = cloud.Machine("DRAWN001");
        machine.Start();
        await machine.PublishAsync(new("canteen/v1/devices/DRAWN001/up/status", "drawn"u8.ToArray()));
    }

    [Fact]
    public async Task Somebody_signs_in_at_the_endpoints_that_are_written_down()
    {
        using var discovery = JsonDocument.Parse(
            await cloud.Http.GetStringAsync($"{cloud.Addresses.Login}/{cloud.Addresses.TenantId}/v2.0/.well-known/openid-configuration"));
        var keys = discovery.RootElement.GetProperty("jwks_uri").GetString()!;
        using var before = JsonDocument.Parse(await cloud.Http.GetStringAsync(keys));

        (await cloud.Http.PostAsync($"{cloud.Addresses.Status}/login/roll", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var after = JsonDocument.Parse(await cloud.Http.GetStringAsync(keys));
        after.RootElement.GetProperty("keys")[0].GetProperty("kid").GetString().ShouldNotBe(before.RootElement.GetProperty("keys")[0].GetProperty("kid").GetString());
    }

    [Fact]
    public async Task The_function_app_is_reached_through_the_front_door_only_by_its_routes()
    {
        (await cloud.Http.GetStringAsync($"{cloud.Addresses.Functions}/api/orders/1?x=2")).ShouldContain("/api/orders/1?x=2");
        using var forged = await cloud.Http.PostAsync($"{cloud.Addresses.Functions}/MachinePayments", new StringContent("{}"));
        forged.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_status_page_shows_parts_functions_queues_and_addresses_in_both_languages()
    {
        var page = await cloud.Http.GetStringAsync(cloud.Addresses.Status);

        foreach (var expected in new[] { "部件 Parts", "azurite", "mosquitto", "MachinePayments", "device-payments", "device-status", cloud.Addresses.EventGrid, "清零 reset" })
        {
            page.ShouldContain(expected);
        }

        (await cloud.StatusAsync()).GetProperty("parts").EnumerateArray().ShouldAllBe(p => p.GetProperty("state").GetString() == "Ready");
    }

    [Fact]
    public async Task Operations_are_counted_and_can_be_set_to_nothing()
    {
        (await cloud.PublishAsync("canteen/v1/devices/DEVMACH1/down/none", "x")).EnsureSuccessStatusCode();
        (await cloud.CountAsync(Counters.MqttPublish)).ShouldBeGreaterThan(0);

        (await cloud.Http.PostAsync($"{cloud.Addresses.Status}/counters/reset", null)).EnsureSuccessStatusCode();

        (await cloud.CountAsync(Counters.MqttPublish)).ShouldBe(0);
    }

    [Fact]
    public void The_endpoints_file_says_where_everything_is()
    {
        using var endpoints = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(cloud.Options.StateFolder, "endpoints.json")));

        endpoints.RootElement.GetProperty("functions").GetString().ShouldBe(cloud.Addresses.Functions);
        endpoints.RootElement.GetProperty("serviceBusConnectionString").GetString()!.ShouldContain("UseDevelopmentEmulator=true");
        endpoints.RootElement.GetProperty("mqttPort").GetInt32().ShouldBe(cloud.Addresses.MqttPort);
    }

    private async Task<string> ReadRowAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{cloud.Addresses.Tables}/{path}");
        var date = DateTimeOffset.UtcNow.ToString("R");
        var signed = Encoding.UTF8.GetBytes($"{date}\n/{Azurite.Account}{request.RequestUri!.AbsolutePath}");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Azurite.AccountKey), signed));
        request.Headers.TryAddWithoutValidation("x-ms-date", date);
        request.Headers.TryAddWithoutValidation("x-ms-version", "2020-12-06");
        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKeyLite", $"{Azurite.Account}:{signature}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;odata=nometadata");
        using var answer = await cloud.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadAsStringAsync();
    }
}
