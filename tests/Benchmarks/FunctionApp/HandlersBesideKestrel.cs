using System.Globalization;
using CanteenPay.Benchmarks.Processes;

namespace CanteenPay.Benchmarks.FunctionApp;

/// <summary>
/// The function app as published, without a host and without storage, beside a bare Kestrel that was published the same way and is sent the very same bytes.
/// The rounds of both alternate, so that a machine that gets busy spoils both.
/// </summary>
internal static class HandlersBesideKestrel
{
    private const int Connections = 16;
    private const int Rounds = 3;
    private const int Starts = 5;

    public static async Task RunAsync(int requests)
    {
        using var http = new HttpClient();
        List<double> floorStarts = [], appStarts = [];
        for (var start = 1; start < Starts; start++)
        {
            await using (var process = await StartFloorAsync(http))
                floorStarts.Add(process.ToFirstAnswer.TotalMilliseconds);
            await using (var process = await StartAppAsync(http))
                appStarts.Add(process.ToFirstAnswer.TotalMilliseconds);
        }

        await using var floor = await StartFloorAsync(http);
        await using var app = await StartAppAsync(http);
        floorStarts.Add(floor.ToFirstAnswer.TotalMilliseconds);
        appStarts.Add(app.ToFirstAnswer.TotalMilliseconds);

        Throughput[] rows =
        [
            new("floor: bare Kestrel, JSON read into a record, JSON answered", floor, Invocation.Request("/invoke")),
            new("`MachinePayments`: the host's envelope, the event, the machine's message checked, logged", app, Invocation.Request("/MachinePayments")),
            new("`GET /health/live`", app, Invocation.Get("/health/live")),
        ];
        // The first round is for the just-in-time compiler.
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var row in rows)
                await row.MeasureAsync(Connections, requests, counts: round > 0);
            Console.Error.Write($"\r{round}/{Rounds}");
        }

        Console.Error.WriteLine();
        Console.WriteLine($"| a handler without storage, {Connections} connections | requests/s, median of {Rounds} | of the floor | processor, µs a request |\n| --- | --- | --- | --- |");
        foreach (var row in rows)
            Console.WriteLine(row.Row(rows[0].PerSecond));
        Console.WriteLine($"\n| published function app | start to first answer, ms, median of {Starts} | PSS after {requests * (Rounds + 1)} requests or more, MB |\n| --- | --- | --- |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| floor: bare Kestrel | {Medians.Of(floorStarts):F0} | {floor.PssMegabytes:F0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| function app | {Medians.Of(appStarts):F0} | {app.PssMegabytes:F0} |"));
    }

    private static Task<MeasuredProcess> StartFloorAsync(HttpClient http) => MeasuredProcess.StartAsync(
        http, Published.BareWeb, new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:{port}" }, "/");

    /// <summary>Whatever it would call is at a port where nobody listens.</summary>
    private static Task<MeasuredProcess> StartAppAsync(HttpClient http) => MeasuredProcess.StartAsync(
        http,
        Published.FunctionApp,
        new Dictionary<string, string>
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "{port}",
            ["Tables"] = "DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=bm9ib2R5;TableEndpoint=http://127.0.0.1:1/nobody",
            ["Blobs"] = "DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=bm9ib2R5;BlobEndpoint=http://127.0.0.1:1/nobody",
            ["ServiceBus"] = "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=nobody;SharedAccessKey=bm9ib2R5;UseDevelopmentEmulator=true",
            ["EventGrid__Endpoint"] = "http://127.0.0.1:1",
            ["EventGrid__Key"] = "bm9ib2R5",
            ["EventGrid__NamespaceId"] = "/subscriptions/0/resourceGroups/nobody/providers/Microsoft.EventGrid/namespaces/nobody",
            ["ResourceManager__Endpoint"] = "http://127.0.0.1:1",
            // Nobody signs in here, so it is never asked for its keys.
            ["AzureAd__Instance"] = "https://login.microsoftonline.com",
            ["AzureAd__TenantId"] = "00000000-0000-4000-8000-000000000001",
            ["AzureAd__ClientId"] = "00000000-0000-4000-8000-000000000002",
            ["Sealing__KeyVaultKey"] = "https://127.0.0.1:1/keys/nobody",
            ["Payments__PublicBaseUrl"] = "http://127.0.0.1:1",
            ["SwiftPass__Gateway"] = "http://127.0.0.1:1/pay/gateway",
            ["SwiftPass__Keys__7551000001"] = "nobody",
        },
        "/health/live");
}
