using System.Text;

namespace CanteenPay.Channels.Registration;

/// <summary>What the bank is told of a merchant. It holds numbers of people in the clear: <see cref="ToString"/> leaves them out.</summary>
public sealed record RegistrationForm
{
    /// <summary>Our number of the merchant: 1 to 32 letters and digits.</summary>
    public required string OutMerchantId { get; init; }

    /// <summary>How often it is sent, from 1; from 2 on it corrects what the bank has.</summary>
    public required int Sending { get; init; }

    /// <summary>The name that diners read.</summary>
    public required string MerchantName { get; init; }

    /// <summary>The name on the licence.</summary>
    public required string LegalName { get; init; }

    /// <summary>The licence's number.</summary>
    public required string Licence { get; init; }

    /// <summary>The last day of the licence; 9999-12-31 for one without an end.</summary>
    public required DateOnly LicenceValidUntil { get; init; }

    /// <summary>The legal person.</summary>
    public required string LegalPerson { get; init; }

    /// <summary>Their resident number.</summary>
    public required string ResidentId { get; init; }

    /// <summary>Whom to call.</summary>
    public required string ContactName { get; init; }

    /// <summary>Their phone.</summary>
    public required string ContactPhone { get; init; }

    /// <summary>省</summary>
    public required string Province { get; init; }

    /// <summary>市</summary>
    public required string City { get; init; }

    /// <summary>District, street and number.</summary>
    public required string Address { get; init; }

    /// <summary>What a payment costs the merchant, in hundredths of a percent.</summary>
    public required int RateBasisPoints { get; init; }

    /// <summary>Where the money is settled to.</summary>
    public required string Account { get; init; }

    /// <summary>Whose account that is.</summary>
    public required string AccountName { get; init; }

    /// <summary>Its bank.</summary>
    public required string AccountBank { get; init; }

    /// <summary>A company's account rather than a person's card.</summary>
    public required bool IsCorporateAccount { get; init; }

    /// <summary>The pictures: JPEG or PNG by their kind (<c>licence</c>, <c>id-front</c>, <c>id-back</c>, <c>bank-card</c>).</summary>
    public required IReadOnlyList<RegistrationPicture> Pictures { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("OutMerchantId = ").Append(OutMerchantId);
        return true;
    }
}

/// <summary>A picture of a paper.</summary>
/// <param name="Kind">Which paper.</param>
/// <param name="Bytes">The file.</param>
public sealed record RegistrationPicture(string Kind, ReadOnlyMemory<byte> Bytes);
