using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>Reads the keys of the ledger's rows.</summary>
internal static class JournalKey
{
    private const int JournalLength = DeviceId.Length + 1 + Epoch.Length;

    /// <summary>The journal and the number of a machine's row; false for a row of an operation.</summary>
    public static bool TryRead(string rowKey, [NotNullWhen(true)] out string? journal, out long seq)
    {
        seq = 0;
        var isMachine = !rowKey.StartsWith(CardKeys.CloudPrefix, StringComparison.Ordinal) && rowKey.Length > JournalLength + 1
            && long.TryParse(rowKey.AsSpan(JournalLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out seq);
        journal = isMachine ? rowKey[..JournalLength] : null;
        return isMachine;
    }
}
