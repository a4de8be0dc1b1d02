using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace CanteenPay.Settle;

/// <summary>The function app's endpoints of a settlement date.</summary>
internal sealed class SettlementApi(HttpClient http, Uri functions)
{
    private const string MoreHeader = "X-More";

    /// <summary>Asks for the date to be settled; it goes on by itself.</summary>
    /// <exception cref="SettleException">It was refused.</exception>
    public async Task SettleAsync(DateOnly day, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.PostAsync(Address(day, after: null), content: null, cancellationToken);
            await CheckAsync(answer, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Thousands of merchants are still being sent: how far it is shows below.
        }
    }

    /// <summary>How the date stands, without more lines than one answer holds.</summary>
    /// <exception cref="SettleException">It was refused.</exception>
    public async Task<DayView> LookAsync(DateOnly day, CancellationToken cancellationToken) => (await PageAsync(day, after: null, cancellationToken)).Page;

    /// <summary>The whole date.</summary>
    /// <exception cref="SettleException">It was refused.</exception>
    public async Task<DayView> ReadAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var (first, more) = await PageAsync(day, after: null, cancellationToken);
        var (lines, cards, last) = (first.Lines.ToList(), first.Cards.ToList(), LastOf(first));
        while (more && last is not null)
        {
            (var page, more) = await PageAsync(day, last, cancellationToken);
            lines.AddRange(page.Lines);
            cards.AddRange(page.Cards);
            last = LastOf(page);
        }

        return first with { Lines = lines, Cards = cards };
    }

    /// <summary>The files of the whole date; none while they are being made.</summary>
    /// <exception cref="SettleException">It was refused.</exception>
    public async Task<DayFiles> FilesAsync(DateOnly day, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(functions, string.Create(CultureInfo.InvariantCulture, $"/api/settlements/{day:yyyy-MM-dd}/files")), cancellationToken);
        await CheckAsync(answer, cancellationToken);
        return await answer.Content.ReadFromJsonAsync(SettleJson.Default.DayFiles, cancellationToken) ?? throw new SettleException("没有内容 The answer is empty.");
    }

    private async Task<(DayView Page, bool More)> PageAsync(DateOnly day, string? after, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(Address(day, after), cancellationToken);
        await CheckAsync(answer, cancellationToken);
        var page = await answer.Content.ReadFromJsonAsync(SettleJson.Default.DayView, cancellationToken) ?? throw new SettleException("没有内容 The answer is empty.");
        return (page, answer.Headers.Contains(MoreHeader));
    }

    /// <summary>The merchant after which the next page begins: pages of statements and of card money end with the same one.</summary>
    private static string? LastOf(DayView page) => page.Lines.Select(line => line.MerchantId).Concat(page.Cards.Select(card => card.Merchant)).Max(StringComparer.Ordinal);

    private Uri Address(DateOnly day, string? after) => new(
        functions, string.Create(CultureInfo.InvariantCulture, $"/api/settlements/{day:yyyy-MM-dd}{(after is null ? "" : $"?after={after}")}"));

    private static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return;
        // Nobody is there just now.
        if (answer.StatusCode is System.Net.HttpStatusCode.BadGateway or System.Net.HttpStatusCode.ServiceUnavailable or System.Net.HttpStatusCode.InternalServerError)
            throw new HttpRequestException($"{(int)answer.StatusCode} {answer.ReasonPhrase}", inner: null, answer.StatusCode);
        var said = await answer.Content.ReadAsStringAsync(cancellationToken);
        string? detail = null;
        try
        {
            detail = JsonSerializer.Deserialize(said, SettleJson.Default.Problem)?.Detail;
        }
        catch (JsonException)
        {
            // Not of the function app's own: its status says enough.
        }

        throw new SettleException(detail ?? $"{(int)answer.StatusCode} {answer.ReasonPhrase}");
    }
}
