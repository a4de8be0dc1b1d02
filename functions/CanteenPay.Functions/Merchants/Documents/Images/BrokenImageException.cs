namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>The picture is not built as its format says. Leaves the readers, never the inspector.</summary>
internal sealed class BrokenImageException(string what) : Exception(what)
{
    /// <summary>Pixels of the largest picture: 50 megapixels. A small file can claim as many as it likes, and whoever looks at it needs memory for them.</summary>
    private const long MostPixels = 50_000_000;

    /// <summary>Refuses pictures without pixels or with too many.</summary>
    /// <exception cref="BrokenImageException">It is one of them.</exception>
    public static void ThrowUnlessVisible(long width, long height)
    {
        if (width < 1 || height < 1)
            throw new BrokenImageException($"says that it is {width} × {height} pixels");
        if (width > MostPixels || height > MostPixels || width * height > MostPixels)
            throw new BrokenImageException($"is {width} × {height} pixels; {MostPixels / 1_000_000} megapixels are the most");
    }
}
