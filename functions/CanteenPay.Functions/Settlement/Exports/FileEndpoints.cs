using System.Globalization;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports;

/// <summary>
/// The files of a date: <c>GET /api/settlements/{day}/files</c> and <c>…/files/{name}</c>. Finance and operators have all, a distributor the shares that are its own, a
/// merchant its own day: whose a file is stands in its name.
/// </summary>
internal static class FileEndpoints
{
    private static readonly Role[] Everything = [Role.Operator, Role.Finance], Own = [Role.Distributor, Role.Merchant];

    /// <summary>The endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/settlements/{day}/files", ListAsync).Allow(Everything, Own, Owner.Listed);
        api.MapGet("/settlements/{day}/files/{name}", OpenAsync).Allow(Everything, Own, Owner.Listed);
    }

    private static async Task<IResult> ListAsync(string day, string? merchantId, HttpContext http, EditionStore editions, CancellationToken cancellationToken)
    {
        if (!TryRead(day, out var date))
            return Results.Problem("The date is not one such as 2026-11-21.", statusCode: StatusCodes.Status400BadRequest);
        var caller = http.Caller();
        var edition = await editions.CompleteAsync(date, cancellationToken);
        var files = (edition?.Files ?? []).Where(file => IsFor(caller, file)).ToList();
        foreach (var merchant in Merchants(caller, merchantId))
        {
            if (await editions.LatestFilesAsync(date, merchant, cancellationToken) is { } made)
                files.AddRange(made.Files.Where(file => IsFor(caller, file)));
        }

        var isOfEdition = files.Exists(file => edition?.Files?.Contains(file) ?? false);
        return Results.Json(
            new FilesView(date, files, isOfEdition ? edition!.Number : null, isOfEdition ? edition!.State : null), ExportsJson.Default.FilesView);
    }

    /// <summary>Sends a file, once all of its edition are there: what a run left behind in the middle is nobody's.</summary>
    private static async Task<IResult> OpenAsync(
        string day, string name, HttpContext http, EditionStore editions, IExportFiles files, CancellationToken cancellationToken) =>
        TryRead(day, out var date) && ExportName.TryParse(name, out var file) && file.Day == date && IsFor(http.Caller(), file) && await editions.HoldsAsync(file, cancellationToken)
            ? await FileAnswer.OfAsync(files, file, cancellationToken)
            : FileAnswer.NotThere();

    /// <summary>Of which merchants the files are listed: of the caller's own, and for those who may see all of the one that they ask for, since a day has thousands.</summary>
    private static IEnumerable<MerchantId> Merchants(Caller caller, string? asked) =>
        caller.IsAny(Everything) ? MerchantId.TryParse(asked, null, out var merchant) ? [merchant] : []
        : caller.Is(Role.Merchant) ? caller.Scope.Merchants
        : [];

    private static bool IsFor(Caller caller, StoredFile file) => ExportName.TryParse(file.Name, out var name) && IsFor(caller, name);

    private static bool IsFor(Caller caller, ExportName name) => caller.IsAny(Everything) || name switch
    {
        { Kind: ExportKind.Merchant, Merchant: { } merchant } => caller.Is(Role.Merchant) && caller.Scope.Merchants.Contains(merchant),
        { Kind: ExportKind.Shares, Distributor: { } distributor } => caller.Is(Role.Distributor) && caller.Scope.Distributors.Contains(distributor),
        _ => false,
    };

    private static bool TryRead(string date, out DateOnly day) => DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
