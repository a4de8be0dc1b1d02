using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd.Cards;

/// <summary>A machine with its cable and the cashier at its page, without a browser.</summary>
public sealed class CardMachine(LocalStack stack, string device, string program, Cable cable) : IAsyncDisposable
{
    private readonly Uri _address = stack.Programs[program];
    private readonly MachineScreen _screen = new(stack.Http, stack.Programs[program]);
    private string? _last;

    /// <summary>Its id.</summary>
    public string Device => device;

    /// <summary>The name of its agent among LocalCloud's programs.</summary>
    public string Program => program;

    /// <summary>The cable between it and the broker.</summary>
    public Cable Cable => cable;

    /// <summary>Lets it through to the broker.</summary>
    public void Mend() => cable.Mend(stack.MqttPort);

    /// <summary>Keys an amount and puts a card on the reader; what the screen shows then.</summary>
    public async Task<ShownTap> TapAsync(string card, long fen)
    {
        var amount = string.Create(CultureInfo.InvariantCulture, $"{fen / 100}.{fen % 100:D2}");
        foreach (var key in amount)
            await _screen.PressAsync(key == '.' ? "dot" : $"{key}");
        await _screen.SeeAsync(view => Text(view, "state") == "idle" && Text(view, "amount") == amount);
        return await PresentAsync(card);
    }

    /// <summary>Puts a card on the reader with nothing keyed: what it holds, in fen; null when it is refused.</summary>
    public async Task<long?> BalanceAsync(string card)
    {
        await _screen.PressAsync("clear");
        return (await PresentAsync(card)).Balance;
    }

    /// <summary>Takes its last tap back.</summary>
    public async Task<ShownTap> UndoAsync()
    {
        var pressed = Stopwatch.GetTimestamp();
        await _screen.PressAsync("undo");
        return await SeeTapAsync(pressed);
    }

    /// <summary>Waits until it has rules and every account.</summary>
    public Task IsSyncedAsync(TimeSpan limit) => SeesAsync(cards => cards["status"] is null, limit, "has no cards yet");

    /// <summary>Waits until the cloud has acknowledged everything.</summary>
    public Task HasSentAllAsync(TimeSpan limit) => SeesAsync(cards => cards["unsent"]!.GetValue<int>() == 0, limit, "still has entries to send");

    public async ValueTask DisposeAsync()
    {
        await _screen.DisposeAsync();
        await cable.DisposeAsync();
    }

    /// <summary>Amounts on the page are in yuan.</summary>
    internal static long? Fen(string? yuan) => yuan is null ? null : (long)(decimal.Parse(yuan, CultureInfo.InvariantCulture) * 100);

    private async Task<ShownTap> PresentAsync(string card)
    {
        var presented = Stopwatch.GetTimestamp();
        await _screen.PresentAsync(card);
        return await SeeTapAsync(presented);
    }

    private async Task<ShownTap> SeeTapAsync(long since)
    {
        var (at, view) = await _screen.SeeAsync(view => view["tap"] is { } shown && Text(shown, "id") != _last);
        var tap = view["tap"]!;
        _last = Text(tap, "id");
        return new(device, Text(tap, "tapId"), Text(tap, "kind"), Fen(Text(tap, "amount")), Fen(Text(tap, "balance")), Text(tap, "refusal"))
        {
            Took = Stopwatch.GetElapsedTime(since, at),
        };
    }

    private Task SeesAsync(Func<JsonNode, bool> asked, TimeSpan limit, string otherwise) => Eventually.TrueAsync(
        async () => JsonNode.Parse(await stack.Http.GetStringAsync(new Uri(_address, "/view")))!["cards"] is { } cards && asked(cards),
        limit,
        () => $"{device} {otherwise}");

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();
}

/// <summary>What a screen showed of a card.</summary>
/// <param name="Device">Which machine.</param>
/// <param name="TapId">Null when nothing was approved.</param>
/// <param name="Kind"><c>debit count reversal</c>.</param>
/// <param name="Amount">In fen.</param>
/// <param name="Balance">What can be spent then, in fen.</param>
/// <param name="Refusal">Why it was refused.</param>
public sealed record ShownTap(string Device, string? TapId, string? Kind, long? Amount, long? Balance, string? Refusal)
{
    /// <summary>From the card on the reader, or the key, until the page was told what came of it.</summary>
    public TimeSpan Took { get; init; }
}
