using System.Buffers;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary>What the merchants' endpoints answer when they do not do what was asked.</summary>
internal static class MerchantAnswers
{
    /// <summary>The header that names what is asked for once.</summary>
    public const string KeyHeader = "Idempotency-Key";

    private const int MinKey = 8, MaxKey = 64;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The key of a request; what is wrong with it goes to <paramref name="errors"/>.</summary>
    public static string Key(HttpContext http, Dictionary<string, string[]> errors)
    {
        var key = http.Request.Headers[KeyHeader].ToString();
        if (key.Length is < MinKey or > MaxKey || key.AsSpan().ContainsAnyExcept(KeyCharacters))
            errors[KeyHeader] = [$"The header {KeyHeader} names what is asked for: {MinKey} to {MaxKey} letters, digits and hyphens. The same key is the same thing."];
        return key;
    }

    /// <summary>A line of text that must be there; what is wrong with it goes to <paramref name="errors"/>.</summary>
    public static string Line(string field, string? text, int most, Dictionary<string, string[]> errors)
    {
        var line = text?.Trim() ?? "";
        if (line.Length == 0 || line.Length > most || line.Any(char.IsControl))
            errors[field] = [$"1 至 {most} 字，一行 / 1 to {most} characters on one line"];
        return line;
    }

    /// <summary>Fields are wrong.</summary>
    public static IResult Wrong(Dictionary<string, string[]> errors) => Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity);

    /// <summary>One field is wrong.</summary>
    public static IResult Wrong(string field, string why) => Wrong(new Dictionary<string, string[]> { [field] = [why] });

    /// <summary>No merchant has such an id.</summary>
    public static IResult NoMerchantId(string text) => Results.Problem($"'{text}' is not a merchant id.", statusCode: StatusCodes.Status422UnprocessableEntity);

    /// <summary>There is no such application.</summary>
    public static IResult NoApplication(MerchantId merchant) => Results.Problem($"There is no application {merchant}.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>There is no such merchant.</summary>
    public static IResult NoMerchant(MerchantId merchant) => Results.Problem($"There is no merchant {merchant}.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>It cannot be done as things stand.</summary>
    public static IResult Conflict(string code, string words) =>
        Results.Problem(words, statusCode: StatusCodes.Status409Conflict, extensions: [new("code", code)]);

    /// <summary>The key names another thing.</summary>
    public static IResult KeyReused() => Conflict("key-reused", "The key was used before for something else. Use a new key for a new thing.");
}
