using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Peripherals.CardReader;

/// <summary>Cards through the screen's page: simulated ones to be touched, or numbers that a keyboard reader typed there.</summary>
/// <param name="source">Which of the two.</param>
/// <param name="cards">The simulated cards.</param>
internal sealed class PageReader(CardSource source, IReadOnlyList<PageCard> cards) : ICardReader
{
    private Func<CardSignal, bool> tell = _ => false;

    /// <inheritdoc/>
    public string Name => source == CardSource.Chip ? "page" : "keyboard";

    /// <summary>How the numbers that come here were read.</summary>
    public CardSource Source => source;

    /// <summary>The cards to be touched, in order.</summary>
    public IReadOnlyList<PageCard> Cards => cards;

    /// <inheritdoc/>
    public void Start(Func<CardSignal, bool> tell) => this.tell = tell;

    /// <summary>A card is presented; false when the till is overrun.</summary>
    public bool Present(CardNo no) => tell(new CardRead(no, source));

    /// <summary>A card left too early; false when the till is overrun.</summary>
    public bool Leave() => tell(new CardLeftEarly());
}

/// <summary>A simulated card on the page.</summary>
/// <param name="Name">What its button says.</param>
/// <param name="No">Its number.</param>
internal sealed record PageCard(string Name, CardNo No);
