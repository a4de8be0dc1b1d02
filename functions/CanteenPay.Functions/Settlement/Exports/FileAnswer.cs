using CanteenPay.Functions.Settlement.Exports.Files;
using Microsoft.Net.Http.Headers;

namespace CanteenPay.Functions.Settlement.Exports;

/// <summary>Answers with a file.</summary>
internal static class FileAnswer
{
    /// <summary>The file, to be saved under its name; 404 when there is none. Whoever has it already is told so by its sum.</summary>
    public static async Task<IResult> OfAsync(IExportFiles files, ExportName name, CancellationToken cancellationToken) =>
        await files.OpenAsync(name, cancellationToken) is { } open
            ? Results.Stream(open.Content, name.Format.ContentType(), name.ToString(), entityTag: new EntityTagHeaderValue($"\"{open.File.Sha256}\""))
            : NotThere();

    /// <summary>The answer where there is no such file, or none for whoever asks.</summary>
    public static IResult NotThere() => Results.Problem("There is no such file, or it is not yours.", statusCode: StatusCodes.Status404NotFound);
}
