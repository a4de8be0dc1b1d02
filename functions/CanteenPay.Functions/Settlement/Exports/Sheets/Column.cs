namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>A column of a sheet.</summary>
/// <param name="Name">Its Chinese name.</param>
/// <param name="EnglishName">Its English name.</param>
/// <param name="Kind">What its cells hold.</param>
internal sealed record Column(string Name, string EnglishName, ColumnKind Kind)
{
    /// <summary>Whether it has a total; only of money and whole numbers.</summary>
    public bool IsSummed { get; init; }

    /// <summary>What stands above it.</summary>
    public string Heading => $"{Name} {EnglishName}";
}

/// <summary>What the cells of a column hold.</summary>
internal enum ColumnKind
{
    /// <summary>Text, of whatever characters.</summary>
    Text,

    /// <summary>Fen inside, yuan with two decimals outside.</summary>
    Money,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A date.</summary>
    Date,

    /// <summary>A time to the second, as a clock in Asia/Shanghai shows it.</summary>
    Time,

    /// <summary>Basis points inside, percent with two decimals outside.</summary>
    Percent,
}
