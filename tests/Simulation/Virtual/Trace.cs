using System.Globalization;

namespace CanteenPay.Simulation.Virtual;

/// <summary>The story of a case: time, who, what.</summary>
internal sealed class Trace(Agenda agenda)
{
    private readonly List<string> lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Writes a line.</summary>
    public void Say(string who, string what) =>
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{agenda.Now:HH:mm:ss.fff} {who,-7} {what}"));
}
