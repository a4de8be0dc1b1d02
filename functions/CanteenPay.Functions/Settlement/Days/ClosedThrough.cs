using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Closing;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>
/// How far days are closed: table <c>Settlements</c>, row (<c>state</c>, <c>closed</c>). Days are closed in their order, so one row says it of all, and one conditional write
/// of it is what closes a day.
/// </summary>
/// <param name="Through">The last day that is closed; null before the first. What is posted there from now on counts only if the merchant's <see cref="FinalMarker"/> says so.</param>
/// <param name="FinalThrough">The last day of which every merchant that had business has its <see cref="FinalMarker"/>; null before the first.</param>
/// <param name="Version">The version that was read; default when there was none.</param>
internal sealed record ClosedThrough(DateOnly? Through, DateOnly? FinalThrough, ETag Version = default) : ITableEntity<ClosedThrough>
{
    /// <summary>Its partition.</summary>
    public const string Partition = "state";

    /// <summary>Its row.</summary>
    public const string Row = "closed";

    /// <summary>Nothing was ever closed.</summary>
    public static readonly ClosedThrough Nothing = new(null, null);

    /// <summary>The last final day whose files were sent for as those of a closed day; null before the first.</summary>
    public DateOnly? ExportedThrough { get; init; }

    /// <summary>Who closed <see cref="Through"/>, and when.</summary>
    public ClosedDayRow? ClosedBy { get; init; }

    /// <summary>Whether nothing is left to do for what is closed.</summary>
    public bool IsAtRest => FinalThrough == Through && ExportedThrough == Through;

    /// <summary>Whether a day is closed.</summary>
    public bool Holds(DateOnly day) => day <= Through;

    /// <summary>Whether a day is closed, and all that it holds is decided.</summary>
    public bool IsFinal(DateOnly day) => day <= FinalThrough;

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Partition, Row);
        row.SetIfAny("Through", Through);
        row.SetIfAny("FinalThrough", FinalThrough);
        row.SetIfAny("ExportedThrough", ExportedThrough);
        ClosedBy?.Write(row);
        return row;
    }

    /// <inheritdoc/>
    public static ClosedThrough FromTableEntity(TableEntity row) => new(row.Date("Through"), row.Date("FinalThrough"), row.ETag)
    {
        ExportedThrough = row.Date("ExportedThrough"),
        ClosedBy = row.Date("Through") is { } day ? ClosedDayRow.Read(day, row) : null,
    };
}
