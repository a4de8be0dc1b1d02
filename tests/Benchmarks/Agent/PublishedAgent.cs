using System.Globalization;
using CanteenPay.Benchmarks.Processes;
using CanteenPay.EndToEnd;
using CanteenPay.Mqtt;
using CanteenPay.Mqtt.Tests.Broker;

namespace CanteenPay.Benchmarks.Agent;

/// <summary>The agent as a machine gets it, beside a bare Generic Host that was published the same way: how soon it answers, what it holds, what it takes on disk.</summary>
internal static class PublishedAgent
{
    /// <summary>Longer than what it does at its start, among it the first status.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(int starts)
    {
        await using var broker = new TestBroker(keepsSessions: false);
        await broker.InitializeAsync();
        var settings = Settings(broker.Options("DEVMACH1"), Path.Combine(broker.Folder, "agent"));
        using var http = new HttpClient();
        List<double> floorStarts = [], agentStarts = [];
        // The first start reads the executables from disk, and makes the agent's database.
        for (var start = 0; start <= starts; start++)
        {
            var floorStart = await StartedAsync(() => MeasuredProcess.StartAsync(Published.BareHost));
            var agentStart = await StartedAsync(() => MeasuredProcess.StartAsync(http, Published.Agent, settings, "/view"));
            if (start == 0)
                continue;
            floorStarts.Add(floorStart);
            agentStarts.Add(agentStart);
        }

        await using var floor = await MeasuredProcess.StartAsync(Published.BareHost);
        await using var agent = await MeasuredProcess.StartAsync(http, Published.Agent, settings, "/view");
        await using var screen = new MachineScreen(http, agent.Address);
        await screen.SeeAsync(view => view["online"]!.GetValue<bool>());
        await Task.Delay(Idle);
        Console.WriteLine($"| published agent | start to ready, ms, median of {starts} | PSS idle, MB | on disk, MB |\n| --- | --- | --- | --- |");
        Print("floor: bare Generic Host", floorStarts, floor, Published.BareHost);
        Print("agent, connected, its page open", agentStarts, agent, Published.Agent);
    }

    private static async Task<double> StartedAsync(Func<Task<MeasuredProcess>> startAsync)
    {
        await using var process = await startAsync();
        return process.ToFirstAnswer.TotalMilliseconds;
    }

    private static void Print(string name, List<double> starts, MeasuredProcess process, string executable) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {Medians.Of(starts):F0} | {process.PssMegabytes:F0} | {Published.MegabytesOnDisk(executable):F1} |"));

    private static Dictionary<string, string> Settings(MqttOptions broker, string state) => new(StringComparer.Ordinal)
    {
        ["Agent__DeviceId"] = broker.ClientId,
        ["Agent__MerchantId"] = "DEVMERCH",
        ["Agent__StateFolder"] = state,
        ["Agent__Broker__Host"] = broker.Host,
        ["Agent__Broker__Port"] = broker.Port.ToString(CultureInfo.InvariantCulture),
        ["Agent__Broker__CaFile"] = broker.CaFile,
        ["Agent__Broker__CertificateFile"] = broker.CertificateFile,
        ["Agent__Broker__KeyFile"] = broker.KeyFile,
        ["Agent__Screen__Url"] = "http://127.0.0.1:{port}",
    };
}
