namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>The markers of a JPEG (ITU-T T.81, table B.1), by their second byte.</summary>
internal static class JpegMarker
{
    public const byte BaselineFrame = 0xC0;
    public const byte ExtendedFrame = 0xC1;
    public const byte ProgressiveFrame = 0xC2;
    public const byte HuffmanTables = 0xC4;
    public const byte FirstRestart = 0xD0;
    public const byte LastRestart = 0xD7;
    public const byte Start = 0xD8;
    public const byte End = 0xD9;
    public const byte Scan = 0xDA;
    public const byte QuantisationTables = 0xDB;
    public const byte RestartInterval = 0xDD;
    public const byte FirstApplication = 0xE0;
    public const byte Exif = 0xE1;
    public const byte Adobe = 0xEE;
    public const byte LastApplication = 0xEF;
    public const byte Comment = 0xFE;

    /// <summary>Of the same range as frames, and no frame.</summary>
    private const byte Extensions = 0xC8;

    private const byte ArithmeticTables = 0xCC;

    /// <summary>Whether it begins a frame of an encoding that hardly anything shows: lossless, hierarchical, arithmetic.</summary>
    public static bool IsRareFrame(byte marker) => marker is > ProgressiveFrame and <= 0xCF and not HuffmanTables and not Extensions and not ArithmeticTables;
}
