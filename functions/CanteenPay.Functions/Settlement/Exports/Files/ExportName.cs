using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>
/// The name of a file, which says all about it: what it is, whose, of which day and which revision. A name is read into its parts and written again from them, so that nothing
/// of what a caller wrote ever becomes part of a path.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Day">The settlement date.</param>
/// <param name="Revision">The statement's revision of a merchant's file, the edition's of all others; from 1.</param>
/// <param name="Format">What it is written in.</param>
internal sealed partial record ExportName(ExportKind Kind, DateOnly Day, int Revision, FileFormat Format)
{
    /// <summary>Whose file it is, of <see cref="ExportKind.Merchant"/>.</summary>
    public MerchantId? Merchant { get; init; }

    /// <summary>Whose shares these are; null where they are everybody's.</summary>
    public DistributorId? Distributor { get; init; }

    /// <summary>Where it lies in the container.</summary>
    public string Path => Kind == ExportKind.Merchant
        ? $"{BusinessDay.Key(Day)}/merchants/{this}"
        : string.Create(CultureInfo.InvariantCulture, $"{BusinessDay.Key(Day)}/r{Revision}/{this}");

    /// <inheritdoc/>
    public override string ToString()
    {
        var what = Kind switch
        {
            ExportKind.Merchant => Merchant?.Value,
            ExportKind.Shares when Distributor is { } distributor => $"shares-{distributor}",
            ExportKind.Shares => "shares",
            ExportKind.Cards => "cards",
            ExportKind.Index => "index",
            _ => "settlement",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{what}-{BusinessDay.Key(Day)}-r{Revision}.{Format.Extension()}");
    }

    /// <summary>Reads a name; false for whatever is not exactly one of ours.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ExportName? name)
    {
        name = null;
        if (text is null || Pattern().Match(text) is not { Success: true } match
            || !DateOnly.TryParseExact(match.Groups["day"].ValueSpan, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || !int.TryParse(match.Groups["revision"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            return false;
        }

        var format = Enum.GetValues<FileFormat>().First(each => each.Extension() == match.Groups["format"].Value);
        var read = match.Groups["what"].Value switch
        {
            "settlement" => new ExportName(ExportKind.Settlement, day, revision, format),
            "cards" => new(ExportKind.Cards, day, revision, format),
            "index" => new(ExportKind.Index, day, revision, format),
            "shares" => new(ExportKind.Shares, day, revision, format),
            ['s', 'h', 'a', 'r', 'e', 's', '-', .. var id] => DistributorId.TryParse(id, null, out var distributor)
                ? new(ExportKind.Shares, day, revision, format) { Distributor = distributor }
                : null,
            var id => MerchantId.TryParse(id, null, out var merchant) ? new(ExportKind.Merchant, day, revision, format) { Merchant = merchant } : null,
        };
        name = read is not null && read.ToString() == text && read.IsWritten ? read : null;
        return name is not null;
    }

    /// <summary>Whether such a file is ever written.</summary>
    private bool IsWritten => Kind switch
    {
        ExportKind.Index => Format == FileFormat.Json,
        ExportKind.Merchant => Format != FileFormat.Json,
        _ => Format is FileFormat.Csv or FileFormat.Xlsx,
    };

    [GeneratedRegex(@"\A(?<what>settlement|cards|index|shares(-[0-9A-Z]{8})?|[0-9A-Z]{8})-(?<day>[0-9]{8})-r(?<revision>[1-9][0-9]{0,5})\.(?<format>csv|xlsx|html|json)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

/// <summary>What a file is.</summary>
internal enum ExportKind
{
    /// <summary>All merchants' statements of a day.</summary>
    Settlement,

    /// <summary>Distributors' parts of a day: all of them, or one distributor's.</summary>
    Shares,

    /// <summary>Card money of a day, by merchant.</summary>
    Cards,

    /// <summary>One merchant's statement, with its orders and refunds.</summary>
    Merchant,

    /// <summary>What an edition consists of.</summary>
    Index,
}
