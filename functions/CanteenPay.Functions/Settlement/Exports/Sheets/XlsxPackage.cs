using System.Globalization;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using XmlSheet = DocumentFormat.OpenXml.Spreadsheet.Sheet;
using XmlSheets = DocumentFormat.OpenXml.Spreadsheet.Sheets;

namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>
/// The parts of a workbook (ECMA-376) in an archive that is written from front to back. The SDK's own package keeps every part in memory until it is closed and stamps it with
/// the time; here a part goes out as it is written, and always under the same time, so that the same day gives the same bytes.
/// </summary>
internal sealed class XlsxPackage(Stream output) : IAsyncDisposable
{
    private const string Main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Types = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    /// <summary>The first that a zip archive can say.</summary>
    private static readonly DateTimeOffset Always = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _archive = new(output, ZipArchiveMode.Create, leaveOpen: true);
    private readonly List<string> _pages = [];

    /// <summary>Begins the next worksheet; the one before must be closed.</summary>
    /// <param name="name">What its tab says.</param>
    public XlsxPart OpenPage(string name)
    {
        _pages.Add(name);
        return Open(PagePath(_pages.Count));
    }

    /// <summary>Writes what names and binds the worksheets.</summary>
    public async Task FinishAsync()
    {
        await WriteAsync("[Content_Types].xml", $"""
            <?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Types}.styles+xml"/>{EachPage(number => $"<Override PartName=\"/{PagePath(number)}\" ContentType=\"{Types}.worksheet+xml\"/>")}</Types>
            """);
        await WriteAsync("_rels/.rels", Relationships($"<Relationship Id=\"rId1\" Type=\"{Main}/officeDocument\" Target=\"xl/workbook.xml\"/>"));
        await WriteAsync("xl/_rels/workbook.xml.rels", Relationships(
            EachPage(number => $"<Relationship Id=\"page{number}\" Type=\"{Main}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>")
            + $"<Relationship Id=\"styles\" Type=\"{Main}/styles\" Target=\"styles.xml\"/>"));
        using (var styles = Open("xl/styles.xml"))
            styles.Writer.WriteElement(XlsxStyles.Make());
        using var workbook = Open("xl/workbook.xml");
        workbook.Writer.WriteElement(new Workbook(
            new XmlSheets(_pages.Select((name, index) => new XmlSheet
            {
                Name = name,
                SheetId = (uint)index + 1,
                Id = string.Create(CultureInfo.InvariantCulture, $"page{index + 1}"),
            })),
            new DefinedNames(_pages.Select((name, index) => new DefinedName($"'{name}'!$1:$1") { Name = "_xlnm.Print_Titles", LocalSheetId = (uint)index }))));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _archive.DisposeAsync();

    private static string PagePath(int number) => string.Create(CultureInfo.InvariantCulture, $"xl/worksheets/sheet{number}.xml");

    private static string Relationships(string each) =>
        $"""<?xml version="1.0" encoding="utf-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>""";

    private string EachPage(Func<int, string> write) => string.Concat(Enumerable.Range(1, _pages.Count).Select(write));

    private XlsxPart Open(string path) => new(OpenEntry(path));

    private async Task WriteAsync(string path, string text)
    {
        await using var entry = OpenEntry(path);
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text));
    }

    private Stream OpenEntry(string path)
    {
        var entry = _archive.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = Always;
        return entry.Open();
    }
}

/// <summary>A part that is being written; closing it closes its place in the archive, which the SDK's writer does not.</summary>
internal sealed class XlsxPart : IDisposable
{
    private readonly Stream _entry;

    /// <summary>Begins a part.</summary>
    public XlsxPart(Stream entry)
    {
        _entry = entry;
        Writer = OpenXmlWriter.Create(entry, Encoding.UTF8);
        Writer.WriteStartDocument(standalone: true);
    }

    /// <summary>Writes into it.</summary>
    public OpenXmlWriter Writer { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Writer.Dispose();
        _entry.Dispose();
    }
}
