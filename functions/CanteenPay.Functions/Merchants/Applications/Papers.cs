using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>The pictures of an application, by their names in addresses.</summary>
internal static class Papers
{
    /// <summary>The business licence.</summary>
    public const string Licence = "licence";

    /// <summary>The resident card's side with the portrait.</summary>
    public const string IdFront = "id-front";

    /// <summary>The resident card's side with the emblem.</summary>
    public const string IdBack = "id-back";

    /// <summary>The bank card, when money is settled to one.</summary>
    public const string BankCard = "bank-card";

    /// <summary>Those that an application needs.</summary>
    public static IEnumerable<string> Required(ApplicationForm form) =>
        form.Settlement?.Kind == SettlementForm.Card ? [Licence, IdFront, IdBack, BankCard] : [Licence, IdFront, IdBack];
}

/// <summary>The pictures of applications, for who reviews them.</summary>
internal interface IPapers
{
    /// <summary>Which pictures there are, by their names in addresses.</summary>
    Task<IReadOnlyList<string>> ListAsync(MerchantId merchant, CancellationToken cancellationToken);

    /// <summary>A picture, opened; null when it is not there.</summary>
    Task<byte[]?> OpenAsync(MerchantId merchant, string paper, CancellationToken cancellationToken);

    /// <summary>Deletes all of a merchant's.</summary>
    Task ForgetAsync(MerchantId merchant, CancellationToken cancellationToken);
}
