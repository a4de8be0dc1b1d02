using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Invariants;

/// <summary>Keeps what is found; a case ends with the first.</summary>
internal sealed class Verdict(Trace? trace)
{
    /// <summary>The first that was found.</summary>
    public Violation? Found { get; private set; }

    /// <summary>Notes a violation.</summary>
    public void Fail(string rule, string what)
    {
        trace?.Say("!!", $"{rule}: {what}");
        Found ??= new(rule, what);
    }
}
