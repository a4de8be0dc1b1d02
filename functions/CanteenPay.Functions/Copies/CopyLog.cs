namespace CanteenPay.Functions.Copies;

/// <summary>The events of copies in the log; ids 1910–1919.</summary>
internal static partial class CopyLog
{
    [LoggerMessage(1910, LogLevel.Information, "Copy {Label} is begun: {Slices} slices of {Tables} tables")]
    public static partial void Begun(ILogger logger, string label, int slices, int tables);

    [LoggerMessage(1911, LogLevel.Information, "Copy {Label} has slice {Slice} of table {Table} of account {Account}: {Rows} rows in {Parts} parts")]
    public static partial void SliceDone(ILogger logger, string label, int slice, string table, string account, long rows, int parts);

    [LoggerMessage(1912, LogLevel.Information, "Nightly copy {Label} is complete: copied {Rows} rows of {Tables} tables")]
    public static partial void NightDone(ILogger logger, string label, long rows, int tables);

    [LoggerMessage(1913, LogLevel.Information, "Extra copy {Label} is complete: copied {Rows} rows of {Tables} tables")]
    public static partial void ExtraDone(ILogger logger, string label, long rows, int tables);

    [LoggerMessage(1914, LogLevel.Warning, "Copy {Label} could not copy part {Part} of slice {Slice} of table {Table} of account {Account}, try {Try}; again in {Seconds:F0} s")]
    public static partial void Failed(ILogger logger, Exception error, string label, int part, int slice, string table, string account, int @try, double seconds);
}
