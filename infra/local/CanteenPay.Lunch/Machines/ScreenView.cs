using System.Text.Json;

namespace CanteenPay.Lunch.Machines;

/// <summary>What a machine's page is told to show, as far as a cashier looks at it.</summary>
internal sealed record ScreenView
{
    /// <summary><c>idle requesting qr paid refused closed offline fault</c>.</summary>
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

    /// <summary>An order waits for its diner.</summary>
    public bool IsBusy => State is "requesting" or "qr";
}

/// <summary>The line of the previous payment; its colour is <c>wait good bad</c>.</summary>
internal sealed record PreviousLine(string OrderId, string Tone);

/// <summary>Something said; a page plays each id once.</summary>
internal sealed record Spoken(string Id, string OrderId, string Words);
