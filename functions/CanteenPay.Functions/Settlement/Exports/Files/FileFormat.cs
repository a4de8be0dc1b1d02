namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>What a file is written in.</summary>
internal enum FileFormat
{
    /// <summary>For programs.</summary>
    Csv,

    /// <summary>For people who reckon.</summary>
    Xlsx,

    /// <summary>For people who print.</summary>
    Html,

    /// <summary>The index.</summary>
    Json,
}

/// <summary>How formats are called.</summary>
internal static class FileFormats
{
    /// <summary>What a name ends with, without the dot.</summary>
    public static string Extension(this FileFormat format) => format switch
    {
        FileFormat.Csv => "csv",
        FileFormat.Xlsx => "xlsx",
        FileFormat.Html => "html",
        _ => "json",
    };

    /// <summary>What a browser is told.</summary>
    public static string ContentType(this FileFormat format) => format switch
    {
        FileFormat.Csv => "text/csv; charset=utf-8",
        FileFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileFormat.Html => "text/html; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };
}
