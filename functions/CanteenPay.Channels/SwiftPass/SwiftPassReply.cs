using System.Globalization;
using System.Text;
using System.Xml;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>A document of the gateway after the checks that every document has to pass: readable, status 0, signed, about this merchant.</summary>
internal sealed class SwiftPassReply
{
    private readonly Dictionary<string, string> _fields;

    private SwiftPassReply(Dictionary<string, string> fields) => _fields = fields;

    /// <summary>The value of a field; null when it is missing or empty.</summary>
    public string? this[string name] => _fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>True when the business step worked (<c>result_code</c> 0).</summary>
    public bool Succeeded => this["result_code"] is "0";

    /// <summary>The error code of a failed business step, <c>none</c> when there is none.</summary>
    public string ErrorCode => OneLine(this["err_code"] ?? "none");

    /// <summary>The error message of a failed business step.</summary>
    public string ErrorMessage => OneLine(this["err_msg"] ?? this["message"] ?? "");

    /// <summary>Reads and checks a document.</summary>
    public static (SwiftPassReply? Reply, Doubt? Doubt) Read(ChannelAccount account, ReadOnlySpan<byte> document)
    {
        Dictionary<string, string> fields;
        try
        {
            fields = SwiftPassXml.Read(document);
        }
        catch (XmlException e)
        {
            return (null, new Doubt(DoubtKind.BadDocument, "bad-document", OneLine(e.Message)));
        }

        var reply = new SwiftPassReply(fields);
        if (reply["status"] is not { } status)
            return (null, new Doubt(DoubtKind.BadDocument, "no-status", "The document has no status."));
        if (status is not "0")
        {
            // Such a document carries no signature: it proves nothing, and its words are for the log only.
            return (null, new Doubt(DoubtKind.ChannelError, OneLine(status), OneLine(reply["message"] ?? "")));
        }

        if (!SwiftPassSignature.Verify(account, fields))
            return (null, new Doubt(DoubtKind.BadSignature, "bad-signature", "The signature is missing or wrong."));
        if (!string.Equals(reply["mch_id"], account.MerchantId, StringComparison.Ordinal))
            return (null, Mismatch("merchant", reply["mch_id"]));
        return reply["result_code"] is null
            ? (null, new Doubt(DoubtKind.BadDocument, "no-result-code", "The document has no result_code."))
            : (reply, null);
    }

    /// <summary>A doubt when the document names another value than was asked for. A missing field is allowed unless it is required.</summary>
    public Doubt? MismatchOf(string field, string asked, bool required)
    {
        var answered = this[field];
        return answered is null && !required ? null
            : string.Equals(answered, asked, StringComparison.Ordinal) ? null
            : Mismatch(field, answered);
    }

    /// <summary>An amount in fen: digits only, above zero; null for anything else.</summary>
    public long? Fen(string field) =>
        long.TryParse(this[field], NumberStyles.None, CultureInfo.InvariantCulture, out var fen) && fen > 0 ? fen : null;

    /// <summary>A doubt about a field that is missing or unreadable.</summary>
    public static Doubt Unreadable(string field) =>
        new(DoubtKind.BadDocument, "bad-field", $"The field {field} is missing or unreadable.");

    /// <summary>A doubt for a failed business step whose code decides nothing.</summary>
    public Doubt Unclear() => new(DoubtKind.Unrecognised, ErrorCode, ErrorMessage);

    /// <summary>Text from outside, fit for a log: one line, at most 256 characters.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, 256));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 256)))
            line.Append(char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : c);
        return line.ToString();
    }

    private static Doubt Mismatch(string what, string? answered) =>
        new(DoubtKind.Mismatch, "mismatch", OneLine($"The answer is about another {what}: {answered ?? "none"}."));
}
