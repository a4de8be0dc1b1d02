using CanteenPay.Protocol;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Network;

/// <summary>The MQTT broker and the ways to it. What it took it may lose, double or delay: a PUBACK is not delivery.</summary>
/// <param name="agenda">Virtual time.</param>
/// <param name="world">The broker's life.</param>
/// <param name="weather">Faults.</param>
/// <param name="route">Takes what a machine published: who, on which topic, what, and when the broker took it.</param>
internal sealed class NetworkBroker(
    Agenda agenda, Life world, Weather weather, Action<DeviceId, string, ReadOnlyMemory<byte>, DateTimeOffset> route)
{
    private readonly Dictionary<DeviceId, MachineSession> sessions = [];

    /// <summary>The broker's access rules: whether a machine may read a merchant's topic.</summary>
    public required Func<DeviceId, string, bool> MayRead { get; init; }

    /// <summary>A machine's session.</summary>
    public MachineSession SessionOf(DeviceId device)
    {
        if (!sessions.TryGetValue(device, out var session))
            sessions[device] = session = new(agenda, weather);
        return session;
    }

    /// <summary>A machine published.</summary>
    public void FromMachine(DeviceId device, string topic, ReadOnlyMemory<byte> payload)
    {
        var takenAt = agenda.Now;
        foreach (var wait in weather.Arrivals(weather.Plan.Up, 0.005, 0.06))
            agenda.After(wait, world, () => route(device, topic, payload, takenAt));
    }

    /// <summary>The cloud published: to one machine, or to all that read a merchant's topic.</summary>
    public void FromCloud(string topic, ReadOnlyMemory<byte> payload, TimeSpan? expiry)
    {
        if (Topics.TryGetDevice(topic, out var device))
            ToMachine(device, topic, payload, expiry);
        else
        {
            foreach (var (reader, session) in sessions)
            {
                if (session.Reads(topic) && MayRead(reader, topic))
                    ToMachine(reader, topic, payload, expiry);
            }
        }
    }

    private void ToMachine(DeviceId device, string topic, ReadOnlyMemory<byte> payload, TimeSpan? expiry)
    {
        var until = agenda.Now + expiry;
        foreach (var wait in weather.Arrivals(weather.Plan.Down, 0.005, 0.06))
            agenda.After(wait, world, () => SessionOf(device).Offer(new(topic, payload, until)));
    }
}

/// <summary>A message that the broker holds for a machine.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its body.</param>
/// <param name="Until">When it expires; null for never.</param>
internal sealed record HeldMessage(string Topic, ReadOnlyMemory<byte> Payload, DateTimeOffset? Until);
