using CanteenPay.Functions.Settlement.Exports.Editions;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>What finance's system is told of an edition: the same bytes at each try.</summary>
/// <param name="EventId">Names the event: whoever has taken it once can drop what comes again.</param>
/// <param name="Type">Always <see cref="TypeName"/>.</param>
/// <param name="Date">The settlement date.</param>
/// <param name="Revision">Which edition of it; a later one replaces the earlier.</param>
/// <param name="State"><c>provisional</c> or <c>closed</c>.</param>
/// <param name="Totals">What it comes to, in fen.</param>
/// <param name="LinksExpire">Until when the links are good.</param>
/// <param name="Files">The files of the whole day.</param>
internal sealed record EditionNotice(
    string EventId, string Type, DateOnly Date, int Revision, string State, EditionTotals Totals, DateTimeOffset LinksExpire, IReadOnlyList<LinkedFile> Files)
{
    /// <summary>The type of the event.</summary>
    public const string TypeName = "settlement.edition.v1";
}

/// <summary>A file that can be fetched.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its sum, as lower-case hex.</param>
/// <param name="Url">Where, without signing in.</param>
internal sealed record LinkedFile(string Name, string ContentType, long Bytes, string Sha256, Uri Url);
