using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>Of what an edition is made: which revision of each merchant's statement and card totals, and how far the day is. The same content is the same edition.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="IsClosed">Whether the day is closed and every merchant's last revision is there.</param>
/// <param name="Merchants">The merchants that had business, in the order of their ids; none of them is about to be settled.</param>
internal sealed record EditionContent(DateOnly Day, bool IsClosed, IReadOnlyList<DayIndexRow> Merchants)
{
    /// <summary>Merchants that are settled, but whose files could not be made.</summary>
    public IReadOnlySet<MerchantId> Unmade { get; init; } = new HashSet<MerchantId>();

    /// <summary>How far the day is.</summary>
    public string State => IsClosed ? "closed" : "provisional";

    /// <summary>Those of whom nothing is shown, since they could not be settled or their files not be made: they hold nobody back.</summary>
    public IReadOnlyList<MerchantId> Missing => [.. Merchants.Where(IsMissing).Select(row => row.Merchant)];

    /// <summary>SHA-256 of it, as lower-case hex.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{State}\n"));
        foreach (var row in Merchants)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.Merchant} {row.Revision} {row.CardRevision}{(IsMissing(row) ? " missing" : "")}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private bool IsMissing(DayIndexRow row) => row.IsDue || Unmade.Contains(row.Merchant);
}
