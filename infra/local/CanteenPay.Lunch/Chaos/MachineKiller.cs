using System.ComponentModel;
using System.Diagnostics;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Chaos;

/// <summary>Kills machines (SIGKILL) at random; LocalCloud starts them again.</summary>
internal sealed class MachineKiller(CloudControl cloud, CanteenLayout layout, Random dice, TimeProvider time)
{
    /// <summary>On average a machine is killed once in so long.</summary>
    private static readonly TimeSpan Mean = TimeSpan.FromMinutes(3);

    /// <summary>A program that dies sooner than after a minute counts as one that cannot start, and is given up after ten times.</summary>
    private static readonly TimeSpan Spared = TimeSpan.FromSeconds(65);

    private readonly Dictionary<string, long> _killedAt = new(StringComparer.Ordinal);

    /// <summary>How many were killed so far.</summary>
    public int Kills { get; private set; }

    /// <summary>Kills until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => RandomMoments.EachAsync(
        dice,
        Mean / layout.Machines.Length,
        token => KillAsync(layout.Machines[dice.Next(layout.Machines.Length)].Program, token),
        time,
        cancellationToken);

    private async Task KillAsync(string program, CancellationToken cancellationToken)
    {
        if (_killedAt.TryGetValue(program, out var at) && time.GetElapsedTime(at) < Spared)
            return;
        var status = await cloud.ReadAsync(cancellationToken);
        if (status.Parts.FirstOrDefault(part => part.Name == program) is not { State: "Ready", Pid: { } pid })
            return;
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            Kills++;
            _killedAt[program] = time.GetTimestamp();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has just ended by itself.
        }
    }
}
