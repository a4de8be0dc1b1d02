using CanteenPay.Simulation.Faults;

namespace CanteenPay.Simulation.Stories;

/// <summary>The kinds of stories.</summary>
internal enum Story
{
    /// <summary>Cloud pay.</summary>
    Payments,

    /// <summary>Staff cards.</summary>
    Cards,

    /// <summary>Staff cards, and rows of a merchant's cards are put back to an earlier state.</summary>
    PutBack,
}

/// <summary>Tells stories.</summary>
internal static class Teller
{
    /// <summary>Tells the story of a seed. The same seed tells the same story.</summary>
    public static Outcome Tell(Story story, int seed, bool traced = false, Sabotage sabotage = Sabotage.None) => story switch
    {
        Story.Payments => PaymentCase.Run(seed, traced, sabotage),
        Story.Cards => CardCase.Run(seed, traced, sabotage),
        Story.PutBack => CardCase.Run(seed, traced, sabotage, putsBack: true),
        _ => throw new ArgumentOutOfRangeException(nameof(story), story, "Not a kind of story."),
    };
}
