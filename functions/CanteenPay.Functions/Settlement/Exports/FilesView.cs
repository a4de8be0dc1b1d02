using CanteenPay.Functions.Settlement.Exports.Files;

namespace CanteenPay.Functions.Settlement.Exports;

/// <summary>The files of a date that somebody may have.</summary>
/// <param name="Date">The settlement date.</param>
/// <param name="Edition">The edition of the files of the whole day; null where none is shown.</param>
/// <param name="State"><c>provisional</c> or <c>closed</c>, as it was when the edition was made; null where none is shown.</param>
/// <param name="Files">The files.</param>
internal sealed record FilesView(DateOnly Date, int? Edition, string? State, IReadOnlyList<StoredFile> Files);
