using System.Text.Json.Serialization;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>The papers of an application.</summary>
internal enum DocumentKind
{
    /// <summary>营业执照.</summary>
    [JsonStringEnumMemberName("licence")]
    Licence,

    /// <summary>身份证人像面, of the legal person.</summary>
    [JsonStringEnumMemberName("id-front")]
    IdFront,

    /// <summary>身份证国徽面.</summary>
    [JsonStringEnumMemberName("id-back")]
    IdBack,

    /// <summary>结算银行卡.</summary>
    [JsonStringEnumMemberName("bank-card")]
    BankCard,
}

/// <summary>The papers' names in addresses, rows and JSON. There are no others: a name from outside never becomes part of a key or path.</summary>
internal static class DocumentKindName
{
    /// <summary>All kinds.</summary>
    public static readonly IReadOnlyList<DocumentKind> All = Enum.GetValues<DocumentKind>();

    /// <summary>As in addresses.</summary>
    public static string UrlName(this DocumentKind kind) => kind switch
    {
        DocumentKind.Licence => "licence",
        DocumentKind.IdFront => "id-front",
        DocumentKind.IdBack => "id-back",
        DocumentKind.BankCard => "bank-card",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind of exactly this name.</summary>
    public static bool TryParse(string? name, out DocumentKind kind)
    {
        foreach (var known in All)
        {
            if (string.Equals(known.UrlName(), name, StringComparison.Ordinal))
            {
                kind = known;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
