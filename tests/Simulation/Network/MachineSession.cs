using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Network;

/// <summary>What the broker keeps of one machine: who is connected, and what waits while nobody is.</summary>
internal sealed class MachineSession(Agenda agenda, Weather weather)
{
    /// <summary>More than this, and the broker ends the session of a machine that does not read.</summary>
    private const int MaxHeld = 100;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Queue<HeldMessage> held = [];
    private readonly HashSet<string> filters = new(StringComparer.Ordinal);
    private MachineConnection? connected;
    private DateTimeOffset lostAt;

    /// <summary>The machine came back: what was kept for it comes at once.</summary>
    public void Connect(MachineConnection connection)
    {
        if (weather.Plan.SessionsExpire || agenda.Now - lostAt > Lifetime)
        {
            held.Clear();
            filters.Clear();
        }

        filters.UnionWith(connection.Filters);
        connected = connection;
        while (held.TryDequeue(out var message))
            Offer(message);
    }

    /// <summary>The machine is gone.</summary>
    public void Disconnect() => (connected, lostAt) = (null, agenda.Now);

    /// <summary>The machine wants to read a topic that is not its own.</summary>
    public void Subscribe(string filter) => filters.Add(filter);

    /// <summary>It subscribed to a topic, there or in an earlier connection.</summary>
    public bool Reads(string topic) => filters.Contains(topic);

    /// <summary>A message for the machine.</summary>
    public void Offer(HeldMessage message)
    {
        if (message.Until <= agenda.Now)
            return;
        if (connected is not null)
            connected.Receive(message);
        else if (held.Count < MaxHeld)
            held.Enqueue(message);
    }
}
