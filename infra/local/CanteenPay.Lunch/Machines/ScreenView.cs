using System.Text.Json;

namespace CanteenPay.Lunch.Machines;

/// <summary>What a machine's page is told to show, as far as a cashier looks at it.</summary>
internal sealed record ScreenView
{
    /// <summary><c>idle requesting qr paid refused closed offline fault</c>; of a card <c>tap tap-refused balance undone</c>.</summary>
    public required string State { get; init; }

    /// <summary>The order in the middle of the screen; null while an amount is keyed.</summary>
    public string? OrderId { get; init; }

    /// <summary>The link to the cloud is up.</summary>
    public bool Online { get; init; }

    /// <summary>The big number.</summary>
    public required string Amount { get; init; }

    /// <summary>The headline answers a key that could not be obeyed.</summary>
    public bool Notice { get; init; }

    /// <summary>The QR's drawing.</summary>
    public JsonElement? Qr { get; init; }

    /// <summary>The line of the previous payment.</summary>
    public PreviousLine? Previous { get; init; }

    /// <summary>What is being said, or was a moment ago.</summary>
    public Spoken? Utterance { get; init; }

    /// <summary>How cards are taken; null while there are no rules.</summary>
    public CardsLine? Cards { get; init; }

    /// <summary>What the card on the reader came to.</summary>
    public TapLine? Tap { get; init; }

    /// <summary>Cards pay, and nothing waits to be sent.</summary>
    public bool CardsAreWell => Cards is { Status: null };

    /// <summary>An order waits for its diner.</summary>
    public bool IsBusy => State is "requesting" or "qr";
}

/// <summary>The line of the previous payment; its colour is <c>wait good bad</c>.</summary>
internal sealed record PreviousLine(string? OrderId, string? TapId, string Tone);

/// <summary>How cards are taken.</summary>
/// <param name="Status">What hinders them, or waits to be sent; null when all is well.</param>
internal sealed record CardsLine(JsonElement? Status);

/// <summary>What a card came to; amounts in yuan.</summary>
/// <param name="Id">Another one each time.</param>
/// <param name="TapId">What was stored; null when nothing was.</param>
/// <param name="Kind"><c>debit count reversal</c>.</param>
/// <param name="Amount">Of it.</param>
/// <param name="Balance">What can still be spent.</param>
/// <param name="Refusal">Why it was refused.</param>
/// <param name="Repeated">The same card again: it was debited before.</param>
internal sealed record TapLine(string Id, string? TapId, string? Kind, string? Amount, string? Balance, string? Refusal, bool Repeated);

/// <summary>Something said; a page plays each id once.</summary>
internal sealed record Spoken(string Id, string? OrderId, string Words);
