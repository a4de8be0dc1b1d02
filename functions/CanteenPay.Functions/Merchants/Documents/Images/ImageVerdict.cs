namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>What was found of an upload.</summary>
internal abstract record ImageVerdict
{
    private ImageVerdict()
    {
    }

    /// <summary>A picture that may be kept.</summary>
    /// <param name="Type">What it is by its content.</param>
    /// <param name="Width">In pixels, as stored: before it is turned for looking at.</param>
    /// <param name="Height">In pixels.</param>
    /// <param name="Bytes">The picture without anything that is not needed to see it.</param>
    public sealed record Accepted(ImageType Type, int Width, int Height, byte[] Bytes) : ImageVerdict;

    /// <summary>It may not.</summary>
    /// <param name="Why">For whoever sent it: what it is and what to do.</param>
    public sealed record Refused(string Why) : ImageVerdict;
}

/// <summary>The kinds of pictures that are kept.</summary>
internal enum ImageType
{
    Jpeg,
    Png,
}
