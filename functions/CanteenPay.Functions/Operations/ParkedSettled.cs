using CanteenPay.Azure.Tables;

namespace CanteenPay.Functions.Operations;

/// <summary>That a person has dealt with a parked item.</summary>
/// <param name="At">When they said so.</param>
/// <param name="By">Who.</param>
/// <param name="Note">What they did, 1 to 500 characters.</param>
internal sealed record ParkedSettled(DateTimeOffset At, string By, string Note)
{
    /// <summary>The longest note.</summary>
    public const int LongestNote = 500;

    private const string AtColumn = "SettledAt", ByColumn = "SettledBy", NoteColumn = "SettledNote";

    /// <summary>Puts it into the columns of an item's row.</summary>
    public void WriteTo(TableEntity row) => (row[AtColumn], row[ByColumn], row[NoteColumn]) = (At, By, Note);

    /// <summary>From the columns of an item's row; null while it waits.</summary>
    public static ParkedSettled? Of(TableEntity row) =>
        row.GetDateTimeOffset(AtColumn) is { } at ? new(at, row.GetString(ByColumn) ?? "", row.GetString(NoteColumn) ?? "") : null;
}

/// <summary>What a person says who has dealt with an item.</summary>
internal sealed record SettledBody(string? Note);
