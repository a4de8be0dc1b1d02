using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Cards.Restored;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>
/// Machines' journals, for operators: <c>GET /api/cards/{merchant}/journals</c>; <c>POST …/{device}/{epoch}/release</c> lets the machine of a parked journal begin
/// another; <c>POST …/{device}/{epoch}/end</c> says that nothing more will come of one.
/// </summary>
internal static class JournalEndpoints
{
    private const int MostListed = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        var merchant = api.MapGroup("/cards/{merchant}").Allow(Role.Operator)
            .AuditsPlainly("deviceId", "epoch", "through", "lastSeq", "restart", "ended", "possiblyUnsent");
        merchant.MapGet("/journals", ListAsync);
        merchant.MapPost("/journals/{device}/{epoch}/release", ReleaseAsync);
        merchant.MapPost("/journals/{device}/{epoch}/end", EndAsync);
    }

    private static async Task<IResult> ListAsync(string merchant, CardStore cards, DeviceRegistry devices, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchant, null, out var id))
            return Results.Problem($"'{merchant}' is not a merchant id.", statusCode: StatusCodes.Status422UnprocessableEntity);
        var said = new Dictionary<DeviceId, MachineJournals?>();
        var views = new List<JournalView>();
        await foreach (var row in cards.CursorsAsync(id, cancellationToken).Take(MostListed))
        {
            if (!said.ContainsKey(row.Device))
                said[row.Device] = (await devices.StatusAsync(row.Device, cancellationToken))?.Cards;
            views.Add(JournalView.Of(row, said[row.Device]));
        }

        return Results.Ok(views);
    }

    private static Task<IResult> ReleaseAsync(
        string merchant, string device, string epoch, HttpContext http, CardStore cards, DeviceRegistry devices, Journals journals,
        CancellationToken cancellationToken) => ChangeAsync(
            merchant, device, epoch, cards,
            async row => row.Parked is null && await cards.FindAsync<RestoredRow>(row.Merchant, RestoredRow.RowKey, cancellationToken) is null
                ? Results.Problem($"Journal {row.Journal} is not parked: it is booked as it comes.", statusCode: StatusCodes.Status409Conflict)
                : await ChangedAsync(http, row, await journals.ReleaseAsync(row, cancellationToken), devices, cancellationToken),
            cancellationToken);

    private static Task<IResult> EndAsync(
        string merchant, string device, string epoch, HttpContext http, CardStore cards, DeviceRegistry devices, Journals journals,
        CancellationToken cancellationToken) => ChangeAsync(
            merchant, device, epoch, cards,
            async row => await ChangedAsync(http, row, await journals.EndAsync(row, cancellationToken), devices, cancellationToken),
            cancellationToken);

    private static async Task<IResult> ChangedAsync(HttpContext http, CursorRow before, CursorRow after, DeviceRegistry devices, CancellationToken cancellationToken)
    {
        var said = (await devices.StatusAsync(after.Device, cancellationToken))?.Cards;
        var view = JournalView.Of(after, said);
        http.Audit().Changed(JournalView.Of(before, said), view);
        return Results.Ok(view);
    }

    private static async Task<IResult> ChangeAsync(
        string merchant, string device, string epoch, CardStore cards, Func<CursorRow, Task<IResult>> change, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchant, null, out var merchantId) || !DeviceId.TryParse(device, null, out var deviceId) || !Epoch.TryParse(epoch, null, out var journal))
            return Results.Problem($"'{merchant}', '{device}', '{epoch}' are not a merchant, a machine and a journal.", statusCode: StatusCodes.Status422UnprocessableEntity);
        return await cards.CursorAsync(merchantId, deviceId, journal, cancellationToken) is { } row
            ? await change(row)
            : Results.Problem($"Merchant {merchantId} has no journal {journal} of machine {deviceId}.", statusCode: StatusCodes.Status404NotFound);
    }
}

/// <summary>A journal as it is shown.</summary>
/// <param name="DeviceId">The machine.</param>
/// <param name="Epoch">The journal.</param>
/// <param name="Through">The last entry that is booked.</param>
/// <param name="LastSeq">The last one that the machine spoke of with a booked batch.</param>
/// <param name="Parked">Why nothing more is booked; null when all is well.</param>
/// <param name="Restart">The machine begins another journal.</param>
/// <param name="Ended">Somebody said that nothing more will come.</param>
/// <param name="PossiblyUnsent">So many records are still on the machine, as far as anything is known of them.</param>
/// <param name="HeardAt">When the machine last spoke of its journals, by the broker's clock; null when it never did.</param>
/// <param name="WaitsSince">Since when a reversal waits for its tap, which is in another journal of the machine; null when none does.</param>
internal sealed record JournalView(
    DeviceId DeviceId, Epoch Epoch, long Through, long LastSeq, string? Parked, bool Restart, bool Ended, long PossiblyUnsent, DateTimeOffset? HeardAt,
    DateTimeOffset? WaitsSince)
{
    /// <summary>A journal as it is shown.</summary>
    /// <param name="row">Where it stands here.</param>
    /// <param name="said">What its machine last said of its journals; null when it never did.</param>
    public static JournalView Of(CursorRow row, MachineJournals? said)
    {
        var last = said?.Journals.FirstOrDefault(journal => journal.Epoch == row.Epoch && journal.MerchantId == row.Merchant)?.LastSeq ?? 0;
        return new(
            row.Device, row.Epoch, row.Through, row.LastSeq, row.Parked, row.Restart, row.Ended, Math.Max(0, Math.Max(last, row.LastSeq) - row.Through), said?.ToldAt,
            row.WaitsSince);
    }
}
