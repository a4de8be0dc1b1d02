using System.Buffers;
using System.Globalization;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Reads bodies into operations, and says field by field what is wrong with them.</summary>
internal sealed class OperationReader(OperationBody body)
{
    /// <summary>The header that names an operation; the same key is the same operation.</summary>
    public const string KeyHeader = "Idempotency-Key";

    private const int MinKey = 8;
    private const int MaxKey = 64;
    private const int MaxName = 40;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>What is wrong, by field.</summary>
    public Dictionary<string, string[]> Errors { get; } = [];

    /// <summary>Whether a key can name an operation.</summary>
    public static bool IsKey(string key) => key.Length is >= MinKey and <= MaxKey && !key.AsSpan().ContainsAnyExcept(KeyCharacters);

    /// <summary>The operation's key, of the header or the body.</summary>
    public string Key(HttpRequest http)
    {
        var header = http.Headers[KeyHeader].ToString();
        var key = header.Length > 0 ? header : body.Key ?? "";
        if (!IsKey(key))
            Errors[KeyHeader] = [$"The header {KeyHeader}, or 'key' in the body, names this operation: {MinKey} to {MaxKey} letters, digits and hyphens. The same key is the same operation."];
        else if (header.Length > 0 && body.Key is { } other && other != header)
            Errors["key"] = [$"The header {KeyHeader} names another key."];
        return key;
    }

    public CardOperation Open() => new OpenAccount(Card("cardNo", body.CardNo), CardType(), Text("name", body.Name), Text("department", body.Department));

    public CardOperation TopUp() => new TopUp(Amount());

    public CardOperation Grant() => new GrantSubsidy(Amount(), body.ValidUntil is { } day ? Day("validUntil", day) : null);

    public CardOperation Lost() => new ReportLost(Card("cardNo", body.CardNo));

    public CardOperation Found() => new ReportFound(Card("cardNo", body.CardNo));

    public CardOperation Replace()
    {
        var operation = new ReplaceCard(Card("cardNo", body.CardNo), Card("newCardNo", body.NewCardNo));
        if (Errors.Count == 0 && operation.Card == operation.NewCard)
            Errors["newCardNo"] = ["It is the same card."];
        return operation;
    }

    public CardOperation Close()
    {
        if (body.Withhold is < 0)
            Errors["withhold"] = ["What stays, in fen, 0 or more."];
        return new CloseAccount(body.Withhold is { } fen ? new Fen(fen) : null);
    }

    public CardOperation Expire()
    {
        if (body.Lot is not { Length: > 0 and <= PurseLot.MaxLength })
            Errors["lot"] = ["Which subsidy: the lot's name, as the account shows it."];
        return new ExpireLot(body.Lot ?? "");
    }

    public CardOperation Reverse()
    {
        if (body.Tap is null == body.Operation is null)
        {
            Errors["tap"] = ["Either 'tap' says which tap is taken back, or 'operation' which top-up or subsidy."];
            return new ReverseOperation("");
        }

        if (body.Tap is not { } tap)
        {
            if (!IsKey(body.Operation!))
                Errors["operation"] = ["The key of a top-up or a subsidy."];
            return new ReverseOperation(body.Operation!);
        }

        if (!DeviceId.TryParse(tap.DeviceId, null, out var device))
            Errors["tap.deviceId"] = [$"'{tap.DeviceId}' is not a machine's id."];
        if (!Epoch.TryParse(tap.Epoch, null, out var epoch))
            Errors["tap.epoch"] = [$"'{tap.Epoch}' is not a journal's epoch."];
        if (tap.Seq < 1)
            Errors["tap.seq"] = ["The number of an entry, from 1."];
        return new ReverseTap(Day("tap.postingDay", tap.PostingDay), device, epoch, tap.Seq);
    }

    private Fen Amount()
    {
        var amount = new Fen(body.Amount ?? 0);
        if (!amount.IsKeyable)
            Errors["amount"] = [$"In fen, 1 to {Fen.MaxKeyed.Value}."];
        return amount;
    }

    private CardNo Card(string field, string? text)
    {
        // People type it in any case.
        if (!CardNo.TryParse(text?.Trim().ToUpperInvariant(), null, out var no))
            Errors[field] = [$"A card's number: {CardNo.MinLength} to {CardNo.MaxLength} hexadecimal digits."];
        return no;
    }

    private string CardType()
    {
        if (!MerchantRulesCheck.IsType(body.CardType))
            Errors["cardType"] = ["One of the card types of the merchant's rules."];
        return body.CardType ?? "";
    }

    private string? Text(string field, string? text)
    {
        var trimmed = text?.Trim();
        if (trimmed is { Length: > MaxName } || trimmed?.Any(char.IsControl) == true)
            Errors[field] = [$"At most {MaxName} characters on one line."];
        return string.IsNullOrEmpty(trimmed) ? null : trimmed;
    }

    private DateOnly Day(string field, string text)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 2020 or > 2099)
            Errors[field] = [$"'{text}' is not a day such as 2026-11-22."];
        return day;
    }
}
