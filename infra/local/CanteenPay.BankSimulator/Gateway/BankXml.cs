using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>The gateway's XML from the bank's side, written apart from the adapter's on purpose: a mistake shared by both would go unseen.</summary>
internal static class BankXml
{
    /// <summary>Longest request the gateway takes, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly XmlReaderSettings NoDtd = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>The fields of a request; null when it is not a flat document with different names.</summary>
    public static SortedDictionary<string, string>? Parse(byte[] request)
    {
        XElement root;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(request), NoDtd);
            root = XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }

        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var child in root.Elements())
        {
            if (child.HasElements || !fields.TryAdd(child.Name.LocalName, child.Value))
                return null;
        }

        return fields;
    }

    /// <summary>A document with every value in CDATA, as the real gateway writes them.</summary>
    public static string Format(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var xml = new StringBuilder("<xml>");
        foreach (var (name, value) in fields)
        {
            xml.Append('<').Append(name).Append("><![CDATA[")
                .Append(value.Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal))
                .Append("]]></").Append(name).Append(">\n");
        }

        return xml.Append("</xml>").ToString();
    }
}
