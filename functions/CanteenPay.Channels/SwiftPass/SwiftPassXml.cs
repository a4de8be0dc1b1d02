using System.Text;
using System.Xml;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>
/// The gateway's flat documents: one root, one level of elements, text only.
/// What is read decides about money, so anything beyond that form is refused instead of interpreted:
/// DTDs, comments and instructions inside values, nesting, repeated names, bytes that are not UTF-8.
/// </summary>
internal static class SwiftPassXml
{
    /// <summary>Most bytes of a document, either way.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Most fields of a document; the longest real answer has about 50.</summary>
    public const int MaxFields = 200;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly XmlReaderSettings Reading = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxBytes,
        CloseInput = true,
    };

    private static readonly XmlWriterSettings Writing = new()
    {
        Encoding = StrictUtf8,
        OmitXmlDeclaration = true,
        // A carriage return survives only as an entity; readers turn a literal one into a line feed and the signature breaks.
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>The document of these fields, in their order. Empty values are left out: they are not signed either.</summary>
    /// <exception cref="ArgumentException">A name is not an XML name, or a value holds a character that XML cannot carry.</exception>
    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, Writing))
        {
            writer.WriteStartElement("xml");
            foreach (var (name, value) in fields)
            {
                if (value.Length == 0)
                    continue;
                writer.WriteStartElement(name);
                if (value.Contains('\r', StringComparison.Ordinal))
                    writer.WriteString(value);
                else
                    writer.WriteCData(value);
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    /// <summary>All fields of a document, the signature included.</summary>
    /// <exception cref="XmlException">It is not a document of the form described above.</exception>
    public static Dictionary<string, string> Read(ReadOnlySpan<byte> document)
    {
        if (document.Length > MaxBytes)
            throw new XmlException($"the document is longer than {MaxBytes} bytes");
        using var reader = XmlReader.Create(new StringReader(Decode(document)), Reading);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (reader.MoveToContent() != XmlNodeType.Element)
            throw new XmlException("there is no root element");
        if (!reader.IsEmptyElement)
        {
            while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
                ReadField(reader, fields);
        }

        while (reader.Read())
        {
            // To the end, so that an unfinished or doubled document is noticed.
        }

        return fields;
    }

    private static void ReadField(XmlReader reader, Dictionary<string, string> fields)
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                return;
            case XmlNodeType.Element:
                var name = reader.Name;
                if (fields.Count == MaxFields)
                    throw new XmlException($"there are more than {MaxFields} fields");
                if (!fields.TryAdd(name, ReadValue(reader)))
                    throw new XmlException($"the field {name} is there twice");
                return;
            default:
                throw new XmlException($"{reader.NodeType} is not allowed between fields");
        }
    }

    private static string ReadValue(XmlReader reader)
    {
        if (reader.IsEmptyElement)
            return "";
        var name = reader.Name;
        var value = new StringBuilder();
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace))
                throw new XmlException($"{reader.NodeType} is not allowed inside the field {name}");
            value.Append(reader.Value);
        }

        return value.ToString();
    }

    private static string Decode(ReadOnlySpan<byte> document)
    {
        try
        {
            var text = StrictUtf8.GetString(document);
            return text is ['\uFEFF', ..] ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new XmlException("the document is not UTF-8", e);
        }
    }
}
