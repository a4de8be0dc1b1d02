using CanteenPay.Functions.Merchants.Documents.Images;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>What is known of a paper without opening it.</summary>
/// <param name="Kind">Which paper.</param>
/// <param name="ContentType"><c>image/jpeg</c> or <c>image/png</c>, by its content.</param>
/// <param name="Bytes">Of the picture, as <c>GET</c> gives it.</param>
/// <param name="Width">In pixels, as stored.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Sha256">Of the picture, as lower hex.</param>
/// <param name="At">When it was kept.</param>
/// <param name="By">The object id of who sent it.</param>
internal sealed record DocumentInfo(
    DocumentKind Kind, string ContentType, int Bytes, int Width, int Height, string Sha256, DateTimeOffset At, string By)
{
    /// <summary>The name under which a browser saves it.</summary>
    public string FileName() => $"{Kind.UrlName()}{(ContentType == ContentTypeOf(ImageType.Jpeg) ? ".jpg" : ".png")}";

    /// <summary>A type of picture as HTTP names it.</summary>
    public static string ContentTypeOf(ImageType type) => type == ImageType.Jpeg ? "image/jpeg" : "image/png";
}
