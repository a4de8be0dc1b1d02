using System.Net.Sockets;
using CanteenPay.DeviceAgent.Terminal;

namespace CanteenPay.DeviceAgent.Supervision;

/// <summary>
/// Gives systemd its signs of life, and only while the till takes inputs: a process whose till is stuck looks well from outside, and would stand like that until
/// somebody pulls the plug.
/// </summary>
internal sealed class Watchdog(ServiceNotice notice, TillLoop till, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Watchdog> log) : BackgroundService
{
    /// <summary>Signs of life within systemd's patience: one may be late, another lost.</summary>
    private const int SignsInPatience = 3;

    private bool toldStuck;

    /// <summary>systemd hears that the agent is ready once the screen is served.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => Tell(notice.Ready));
        lifetime.ApplicationStopping.Register(() => Tell(notice.Stopping));
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (notice.Patience is not { } patience)
            return;
        using var timer = new PeriodicTimer(patience / SignsInPatience, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    private void Look()
    {
        if (till.IsTurning)
            Tell(notice.Alive);
        else if (!toldStuck)
            log.TillStuck((int)TillLoop.LongestTurn.TotalSeconds);
        toldStuck = !till.IsTurning;
    }

    /// <summary>The till goes on without systemd's ear: should it be watching, it will act by itself.</summary>
    private void Tell(Action word)
    {
        try
        {
            word();
        }
        catch (SocketException e)
        {
            log.NotToldSystemd(e.Message);
        }
    }
}
