namespace CanteenPay.DeviceAgent.Screen;

/// <summary>How cards are taken.</summary>
/// <param name="Mode">How the till works: <c>free fixed count item</c>. For programs.</param>
/// <param name="ModeName">The same in words.</param>
/// <param name="Meal">The meal and its price, or that cards do not pay now.</param>
/// <param name="Status">What hinders cards, or waits to be sent; null when all is well.</param>
/// <param name="Tone">Its colour: <c>wait bad</c>.</param>
/// <param name="Unsent">Entries that the cloud has not acknowledged.</param>
internal sealed record CardsView(string Mode, Phrase ModeName, Phrase Meal, Phrase? Status, string Tone, int Unsent);

/// <summary>What a card came to. Amounts in yuan; the codes are for programs that watch the till.</summary>
/// <param name="Id">Drawn for this card on the reader: another one each time.</param>
/// <param name="Details">Holder, purses, balance in words.</param>
internal sealed record TapView(string Id, Phrase? Details)
{
    /// <summary>The tap, or reversal, that was stored.</summary>
    public string? TapId { get; init; }

    /// <summary>What it was: <c>debit count reversal</c>; null when no tap was made.</summary>
    public string? Kind { get; init; }

    /// <summary>What was debited, or given back.</summary>
    public string? Amount { get; init; }

    /// <summary>The price before discount, where that is another.</summary>
    public string? Price { get; init; }

    /// <summary>What can still be spent.</summary>
    public string? Balance { get; init; }

    /// <summary>From which purses.</summary>
    public IReadOnlyList<PartView>? Parts { get; init; }

    /// <summary>The holder.</summary>
    public string? Holder { get; init; }

    /// <summary>Why it was refused: the name of the refusal in lower case (<c>notenough lostcard unknowncard …</c>); null when it was not.</summary>
    public string? Refusal { get; init; }

    /// <summary>The same card again within 3 s: it was debited once.</summary>
    public bool Repeated { get; init; }
}

/// <summary>What came from a purse, in yuan.</summary>
/// <param name="Purse"><c>subsidy</c> or <c>cash</c>.</param>
/// <param name="Amount">In yuan.</param>
internal sealed record PartView(string Purse, string Amount);

/// <summary>A line of what is sold by number.</summary>
/// <param name="No">The item.</param>
/// <param name="Name">What it is.</param>
/// <param name="Count">How many.</param>
/// <param name="Amount">For all of them, in yuan.</param>
internal sealed record BasketRow(int No, Phrase Name, int Count, string Amount);

/// <summary>A tap in the list.</summary>
/// <param name="TapId">The tap or reversal.</param>
/// <param name="Time">When; with the date when that is not today's.</param>
/// <param name="Amount">In yuan.</param>
/// <param name="What">Whose it was, as far as that is known, what, and at which meal.</param>
/// <param name="Tone">Its colour.</param>
internal sealed record TapRow(string TapId, string Time, string Amount, Phrase What, string Tone);

/// <summary>The reader on the page.</summary>
/// <param name="Kind"><c>page</c> with cards to be touched, <c>keyboard</c> for numbers that are typed.</param>
/// <param name="Cards">The cards to be touched.</param>
internal sealed record ReaderView(string Kind, IReadOnlyList<ReaderCard> Cards);

/// <summary>A simulated card.</summary>
/// <param name="Name">What its button says.</param>
/// <param name="No">Its number.</param>
internal sealed record ReaderCard(string Name, string No);
