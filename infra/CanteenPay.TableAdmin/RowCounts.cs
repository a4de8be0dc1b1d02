namespace CanteenPay.TableAdmin;

/// <summary>What became of rows that were to be put into a table.</summary>
/// <param name="Missing">They were not there; now they are, unless nothing was to be written.</param>
/// <param name="Equal">They were there as they are.</param>
/// <param name="Different">They were there with another content; it was replaced only where that was asked for.</param>
internal readonly record struct RowCounts(long Missing, long Equal, long Different)
{
    public static RowCounts operator +(RowCounts left, RowCounts right) =>
        new(left.Missing + right.Missing, left.Equal + right.Equal, left.Different + right.Different);

    /// <summary>All of them.</summary>
    public long Rows => Missing + Equal + Different;
}
