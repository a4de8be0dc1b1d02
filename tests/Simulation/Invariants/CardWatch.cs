using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Machines;

namespace CanteenPay.Simulation.Invariants;

/// <summary>Looks at screens and at the cloud's writes of card money while the story goes on.</summary>
/// <param name="azure">The cloud's tables.</param>
/// <param name="taps">What machines approved.</param>
/// <param name="check">Looks at a merchant's books.</param>
/// <param name="verdict">Keeps what is found.</param>
internal sealed class CardWatch(ShakyAzure azure, TapBook taps, Action<CardBooks> check, Verdict verdict)
{
    public const string OnceIn3Seconds = "a card is debited once within 3 s";

    /// <summary>Each look costs as much as a few of the story's own steps.</summary>
    private const int WritesBetweenLooks = 8;

    private int writes;

    /// <summary>What the books come to is not looked at for now.</summary>
    public bool LooksAway { get; set; }

    /// <summary>Cards were refused so often.</summary>
    public int Refused { get; private set; }

    /// <summary>A machine shows something else.</summary>
    public void Shown(Machine machine, ScreenSnapshot screen)
    {
        switch ((screen.State.Face as TapShown)?.Decision)
        {
            case TapApproved { Tap: var tap } when taps.Note(machine, tap):
                if (machine.Cards?.Newest(1) is not [var stored] || stored.Id != tap.Id || stored.Amount != tap.Amount)
                    verdict.Fail("1: approved only when it is stored", $"{machine.Nickname} approved {tap.Id} of {tap.Amount}, and it is not its newest");
                if (taps.MomentsBefore(machine, tap) is { } before)
                    verdict.Fail(OnceIn3Seconds, $"{machine.Nickname} debited card {tap.CardNo} by {before.Id}, and by {tap.Id}");
                break;
            case TapRefused:
                Refused++;
                break;
            default:
                break;
        }
    }

    /// <summary>An I/O of the cloud took effect.</summary>
    public void Did(string operation)
    {
        const string Prefix = CardKeys.Cards + ".Transaction ";
        if (LooksAway || !operation.StartsWith(Prefix, StringComparison.Ordinal) || ++writes % WritesBetweenLooks != 0)
            return;
        var merchant = MerchantId.Parse(operation[Prefix.Length..operation.IndexOf('/', StringComparison.Ordinal)]);
        check(CardBooks.Of(azure, merchant));
    }
}
