using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.Simulation.Machines;

/// <summary>A tap, or a reversal, that a machine showed as approved.</summary>
/// <param name="Merchant">Whose machine it was then.</param>
/// <param name="Tap">The tap.</param>
/// <param name="At">When, by the story's time.</param>
/// <param name="Start">In which of the machine's runs (<see cref="Machine.Starts"/>).</param>
internal sealed record ApprovedTap(MerchantId Merchant, Tap Tap, DateTimeOffset At, int Start)
{
    /// <summary>The disk that held it was lost before the cloud had it: the cloud may have it or not.</summary>
    public bool IsLost { get; set; }
}
