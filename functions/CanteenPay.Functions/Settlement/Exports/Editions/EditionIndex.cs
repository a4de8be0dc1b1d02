using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>The index of an edition, a file of its own: what it consists of, with the sum of each file.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="Edition">Which edition of the date, from 1.</param>
/// <param name="State">How far the day is.</param>
/// <param name="Totals">What its statements come to.</param>
/// <param name="Missing">Merchants that had business and could not be settled; an edition with them follows.</param>
/// <param name="Files">The files of the whole day, then those of each merchant.</param>
internal sealed record EditionIndex(
    DateOnly Day, int Edition, string State, EditionTotals Totals, IReadOnlyList<MerchantId> Missing, IReadOnlyList<StoredFile> Files);
