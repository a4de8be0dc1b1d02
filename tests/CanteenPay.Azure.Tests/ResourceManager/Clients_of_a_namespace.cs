using System.Text.Json.Nodes;
using Azure;
using CanteenPay.Azure.ResourceManager;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.Azure.Tests.ResourceManager;

/// <summary>Against a stand-in of Azure Resource Manager that keeps what it is sent and finishes when a test lets it.</summary>
public sealed class Clients_of_a_namespace
{
    private const string Namespace = "/subscriptions/3c0ffee0-0000-4000-8000-000000000003/resourceGroups/canteen/providers/Microsoft.EventGrid/namespaces/canteenpay";
    private static readonly Uri Arm = new("https://management.azure.com/");
    private static readonly EventGridNamespaceClient Machine = new("M01", true, new Dictionary<string, string> { ["kind"] = "machine", ["merchant"] = "DEVMERCH" });

    private readonly FixedToken credential = new();
    private readonly Queue<string> states = new(["Succeeded"]);
    private JsonNode? kept;

    [Fact]
    public async Task A_client_is_written_whole_with_a_token_for_Resource_Manager()
    {
        await using var server = await RestServer.StartAsync(AnswerAsync);

        await Client(server).CreateOrUpdateAsync("M01", Machine);

        var put = server.Requests.ShouldHaveSingleItem();
        (put.Method, put.Target).ShouldBe(("PUT", $"{Namespace}/clients/M01?api-version=2025-02-15"));
        put.Headers["Authorization"].ShouldBe("Bearer token-1");
        credential.Scopes.ShouldBe(["https://management.azure.com/.default"]);
        JsonNode.DeepEquals(JsonNode.Parse(put.Body), JsonNode.Parse("""
            {"properties":{"authenticationName":"M01","state":"Enabled","clientCertificateAuthentication":{"validationScheme":"SubjectMatchesAuthenticationName"},
             "attributes":{"kind":"machine","merchant":"DEVMERCH"}}}
            """)).ShouldBeTrue(put.Body);
    }

    [Fact]
    public async Task What_is_written_is_read_again_and_nothing_is_null()
    {
        await using var server = await RestServer.StartAsync(AnswerAsync);
        var client = Client(server);

        (await client.GetIfExistsAsync("M01")).ShouldBeNull();
        await client.CreateOrUpdateAsync("M01", Machine with { IsEnabled = false });

        (await client.GetIfExistsAsync("M01")).ShouldNotBeNull().Says(Machine with { IsEnabled = false }).ShouldBeTrue();
    }

    [Fact]
    public async Task A_write_is_waited_for_until_the_namespace_works_by_it()
    {
        foreach (var state in (string[])["Updating", "updating"])
            states.Enqueue(state);
        states.Dequeue();
        states.Enqueue("Succeeded");
        await using var server = await RestServer.StartAsync(AnswerAsync);

        await Client(server).CreateOrUpdateAsync("M01", Machine);

        server.Requests.Select(request => request.Method).ShouldBe(["PUT", "GET", "GET"]);
    }

    [Fact]
    public async Task Succeeded_with_other_values_is_not_taken_for_this_write()
    {
        var looks = 0;
        await using var server = await RestServer.StartAsync((request, response) =>
        {
            if (request.Method == "PUT")
                return AnswerAsync(request, response);
            if (++looks == 2)
                kept!["properties"]!["state"] = "Enabled";
            return WriteAsync(response, 200, kept!);
        });
        kept = Stored(Machine with { IsEnabled = false });
        states.Clear();
        states.Enqueue("Updating");
        var client = Client(server, after: () => kept = Stored(Machine with { IsEnabled = false }));

        await client.CreateOrUpdateAsync("M01", Machine);

        looks.ShouldBe(2);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Canceled")]
    [InlineData("Deleting")]
    public async Task A_write_that_the_namespace_gave_up_is_an_error(string state)
    {
        states.Clear();
        states.Enqueue("Creating");
        states.Enqueue(state);
        await using var server = await RestServer.StartAsync(AnswerAsync);

        var failed = await Should.ThrowAsync<RequestFailedException>(() => Client(server).CreateOrUpdateAsync("M01", Machine));

        failed.Message.ShouldContain(state);
        failed.Message.ShouldContain("M01");
    }

    [Fact]
    public async Task Who_may_not_is_told_which_role_is_missing()
    {
        await using var server = await RestServer.StartAsync((_, response) =>
            WriteAsync(response, 403, JsonNode.Parse("""{"error":{"code":"AuthorizationFailed","message":"no"}}""")!));

        var refused = await Should.ThrowAsync<RequestFailedException>(() => Client(server).CreateOrUpdateAsync("M01", Machine));

        (refused.Status, refused.ErrorCode).ShouldBe((403, "AuthorizationFailed"));
        refused.Message.ShouldContain("machine registrar");
        server.Requests.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Busy_is_asked_again(int busy)
    {
        var answers = 0;
        await using var server = await RestServer.StartAsync((request, response) =>
        {
            if (++answers > 1)
                return AnswerAsync(request, response);
            response.StatusCode = busy;
            return Task.CompletedTask;
        });

        await Client(server).CreateOrUpdateAsync("M01", Machine);

        server.Requests.Select(request => request.Method).ShouldBe(["PUT", "PUT"]);
    }

    [Fact]
    public async Task Busy_for_ever_is_given_up()
    {
        await using var server = await RestServer.StartAsync(409);

        (await Should.ThrowAsync<RequestFailedException>(() => Client(server).CreateOrUpdateAsync("M01", Machine))).Status.ShouldBe(409);

        server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_write_that_is_never_done_is_given_up_in_time_and_says_what_was_heard_last()
    {
        states.Clear();
        states.Enqueue("Updating");
        await using var server = await RestServer.StartAsync(AnswerAsync);

        var late = await Should.ThrowAsync<RequestFailedException>(
            () => Client(server, options => options.Patience = TimeSpan.FromMilliseconds(100)).CreateOrUpdateAsync("M01", Machine));

        late.Status.ShouldBe(0);
        late.Message.ShouldContain("Updating");
    }

    [Fact]
    public async Task Who_gives_up_himself_is_not_told_of_an_error()
    {
        states.Clear();
        states.Enqueue("Updating");
        await using var server = await RestServer.StartAsync(AnswerAsync);
        using CancellationTokenSource gone = new();

        await Should.ThrowAsync<OperationCanceledException>(() => Client(server, after: gone.Cancel).CreateOrUpdateAsync("M01", Machine, gone.Token));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no json")]
    [InlineData("""{"properties":{"authenticationName":7,"state":"Enabled"}}""")]
    public async Task An_answer_that_is_no_client_is_an_error(string body)
    {
        await using var server = await RestServer.StartAsync((_, response) => response.WriteAsync(body));

        await Should.ThrowAsync<RequestFailedException>(() => Client(server).GetIfExistsAsync("M01"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../caCertificates/device-ca")]
    [InlineData("M01?x=")]
    public async Task A_name_that_would_lead_elsewhere_is_refused(string name)
    {
        await using var server = await RestServer.StartAsync(AnswerAsync);

        await Should.ThrowAsync<ArgumentException>(() => Client(server).CreateOrUpdateAsync(name, Machine));

        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("canteenpay")]
    [InlineData("/subscriptions/0/resourceGroups/g/providers/Microsoft.EventGrid/topics/t")]
    [InlineData(Namespace + "/clients/M01")]
    [InlineData("//evil.example.com" + Namespace)]
    public void What_is_no_namespaces_id_is_refused(string id) =>
        Should.Throw<ArgumentException>(() => new EventGridNamespaceClients(Arm, id, credential));

    private static JsonNode Stored(EventGridNamespaceClient client)
    {
        var node = JsonNode.Parse(client.ToJson())!;
        node["properties"]!["provisioningState"] = "Succeeded";
        return node;
    }

    private EventGridNamespaceClients Client(RestServer server, Action<ResourceManagerOptions>? configure = null, Action? after = null)
    {
        var transport = Redirect.To(server);
        transport.After = (message, _) =>
        {
            // Authentication looks at the address again before the next attempt.
            message.Request.Uri.Reset(new Uri(Arm, message.Request.Uri.PathAndQuery));
            after?.Invoke();
            return Task.CompletedTask;
        };
        ResourceManagerOptions options = new() { Transport = transport, FirstLook = TimeSpan.FromMilliseconds(1), Retry = { Delay = TimeSpan.FromMilliseconds(1) } };
        configure?.Invoke(options);
        return new(Arm, Namespace, credential, options);
    }

    /// <summary>Keeps what is written; the state is the next in turn, the last for ever.</summary>
    private Task AnswerAsync(Received request, HttpResponse response)
    {
        var isNew = kept is null;
        if (request.Method == "PUT")
            kept = JsonNode.Parse(request.Body)!;
        if (kept is null)
            return WriteAsync(response, 404, JsonNode.Parse("""{"error":{"code":"ResourceNotFound","message":"none"}}""")!);
        kept["properties"]!["provisioningState"] = states.Count > 1 ? states.Dequeue() : states.Peek();
        return WriteAsync(response, isNew ? 201 : 200, kept);
    }

    private static Task WriteAsync(HttpResponse response, int status, JsonNode body)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        return response.WriteAsync(body.ToJsonString());
    }
}
