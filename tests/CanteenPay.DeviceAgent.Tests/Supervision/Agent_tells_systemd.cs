using System.Net;
using System.Net.Sockets;
using System.Text;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Supervision;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;

namespace CanteenPay.DeviceAgent.Tests.Supervision;

public sealed class Agent_tells_systemd
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 11, 30, 0, TimeSpan.FromHours(8));

    [Fact]
    public async Task When_it_is_ready_that_it_lives_and_when_it_stops()
    {
        using var files = new TestFolder();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(files.File("notify")));
        using var notice = ServiceNotice.Find(Environment(("NOTIFY_SOCKET", files.File("notify")), ("WATCHDOG_USEC", "150000"))).ShouldNotBeNull();
        using var folder = StateFolder.Take(files.Path);
        await using var app = AgentHost.Build(AgentRig.Settings(files.Path), folder, _ => new FakeBroker(), new NoSpeaker(), TimeProvider.System, notice);

        await app.StartAsync();
        await UntilAsync(systemd, "READY=1");
        await UntilAsync(systemd, "WATCHDOG=1");
        await UntilAsync(systemd, "WATCHDOG=1");
        await app.StopAsync();
        await UntilAsync(systemd, "STOPPING=1");
    }

    [Fact]
    public void Nothing_when_systemd_did_not_start_it_and_no_sign_of_life_for_another_process()
    {
        ServiceNotice.Find(Environment()).ShouldBeNull();
        ServiceNotice.Find(Environment(("NOTIFY_SOCKET", "relative"))).ShouldBeNull();
        using var another = ServiceNotice.Find(Environment(("NOTIFY_SOCKET", "@abstract"), ("WATCHDOG_USEC", "30000000"), ("WATCHDOG_PID", "1"))).ShouldNotBeNull();
        another.Patience.ShouldBeNull();
        using var own = ServiceNotice.Find(Environment(
            ("NOTIFY_SOCKET", "@abstract"), ("WATCHDOG_USEC", "30000000"), ("WATCHDOG_PID", $"{System.Environment.ProcessId}"))).ShouldNotBeNull();
        own.Patience.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task It_is_unhealthy_while_its_till_is_stuck_and_healthy_again_afterwards()
    {
        var time = new ManualTime(Start);
        var broker = new FakeBroker();
        await using var agent = await AgentRig.StartAsync(broker, time);
        (await HealthAsync(agent)).ShouldBe(HttpStatusCode.OK);
        using var release = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var holding = Task.Run(() => agent.Store.Database.InTransaction(() =>
        {
            held.Set();
            release.Wait(TimeSpan.FromSeconds(30));
        }));
        held.Wait();

        // The list of orders is read from the database, which the test holds.
        await agent.PressAsync("list");
        List<Task> passing = [];
        await Eventually.IsTrueAsync(
            () =>
            {
                // Other parts ask the database inside of a timer: a pass may be held up with the till, and the next one goes on.
                if (passing.Count(pass => !pass.IsCompleted) < 5 && agent.Part<TillLoop>().IsTurning)
                    passing.Add(Task.Run(() => time.Pass(TillLoop.LongestTurn)));
                return !agent.Part<TillLoop>().IsTurning;
            },
            "a till that is stuck");
        (await HealthAsync(agent)).ShouldBe(HttpStatusCode.ServiceUnavailable);

        release.Set();
        await Task.WhenAll([holding, .. passing]);
        await time.PassUntil(() => agent.Part<TillLoop>().IsTurning, TimeSpan.FromMilliseconds(250), "a till that goes on");
        (await HealthAsync(agent)).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> HealthAsync(AgentRig agent)
    {
        using var response = await agent.Http.GetAsync("/health");
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"version\":\"");
        return response.StatusCode;
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;

    private static async Task UntilAsync(Socket systemd, string word)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var bytes = new byte[256];
        while (Encoding.ASCII.GetString(bytes, 0, await systemd.ReceiveAsync(bytes.AsMemory(), SocketFlags.None, limit.Token)) != word)
        {
        }
    }
}
