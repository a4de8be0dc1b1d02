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
        using var answer = await http.PostAsync(Address(day, after: null), content: null, cancellationToken);
        await CheckAsync(answer, cancellationToken);
    }

    /// <summary>How the date stands, without more lines than one answer holds.</summary>
    /// <exception cref="SettleException">It was refused.</exception>
    public async Task<DayView> LookAsync(DateOnly day, CancellationToken cancellationToken) => (await PageAsync(day, after: null, cancellationToken)).Page;

    /// <summary>The whole date.</summary>
    /// <exception cref="SettleException">It was refused.</exception>
    public async Task<DayView> ReadAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var (first, more) = await PageAsync(day, after: null, cancellationToken);
        var lines = first.Lines.ToList();
        while (more && lines is [.., var last])
        {
            (var page, more) = await PageAsync(day, last.MerchantId, cancellationToken);
            lines.AddRange(page.Lines);
        }

        return first with { Lines = lines };
    }

    private async Task<(DayView Page, bool More)> PageAsync(DateOnly day, string? after, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(Address(day, after), cancellationToken);
        await CheckAsync(answer, cancellationToken);
        var page = await answer.Content.ReadFromJsonAsync(SettleJson.Default.DayView, cancellationToken) ?? throw new SettleException("没有内容 The answer is empty.");
        return (page, answer.Headers.Contains(MoreHeader));
    }

    private Uri Address(DateOnly day, string? after) => new(
        functions, string.Create(CultureInfo.InvariantCulture, $"/api/settlements/{day:yyyy-MM-dd}{(after is null ? "" : $"?after={after}")}"));

    private static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return;
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
