using System.Globalization;
using System.Text;
using Azure;

namespace CanteenPay.Azure.Tables;

/// <summary>
/// The parts of a transaction's answer. The outer status is 202 even when everything failed; then there is one part, its code says why, and its message begins with
/// the index of the action.
/// </summary>
internal sealed record TransactionAnswer(IReadOnlyList<TransactionAnswer.Part> Parts)
{
    private const string StatusLine = "HTTP/1.1 ";

    internal Part? Failure => Parts.FirstOrDefault(part => part.Status >= 400);

    internal static TransactionAnswer Read(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.UTF8.GetString(body.Span);
        List<Part> parts = [];
        for (var start = text.IndexOf(StatusLine, StringComparison.Ordinal); start >= 0;)
        {
            var next = text.IndexOf(StatusLine, start + StatusLine.Length, StringComparison.Ordinal);
            parts.Add(Part.Read(text[(start + StatusLine.Length)..(next < 0 ? text.Length : next)]));
            start = next;
        }

        return new(parts);
    }

    /// <summary>One action's answer.</summary>
    internal sealed record Part(int Status, ETag ETag, string? Code, string? Message)
    {
        internal int? FailedIndex
        {
            get
            {
                var colon = Message?.IndexOf(':', StringComparison.Ordinal) ?? -1;
                return colon > 0 && int.TryParse(Message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
            }
        }

        internal TableTransactionFailedException ToException() =>
            new(Status, $"The transaction was refused, nothing was written: {Code} {Message}", Code, FailedIndex);

        internal static Part Read(string text)
        {
            _ = int.TryParse(text.AsSpan(0, Math.Min(3, text.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var status);
            var start = text.IndexOf('{', StringComparison.Ordinal);
            var end = text.LastIndexOf('}');
            var error = status >= 400 && start >= 0 && end > start ? TableErrorParser.Read(Encoding.UTF8.GetBytes(text[start..(end + 1)])) : null;
            return new(status, Header(text, "ETag"), error?.Code, error?.Message);
        }

        private static ETag Header(string text, string name)
        {
            foreach (var line in text.Split("\r\n"))
            {
                if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                {
                    return new(line[(name.Length + 1)..].Trim());
                }
            }

            return default;
        }
    }
}
