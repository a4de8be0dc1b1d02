namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>What is asked of a merchant. Each field may be missing while the application is a draft.</summary>
internal record ApplicationForm
{
    /// <summary>The name that diners read in their wallet, at most 20 characters.</summary>
    public string? MerchantName { get; init; }

    /// <summary>The name on the licence.</summary>
    public string? LegalName { get; init; }

    /// <summary>Credit code (18) or registration number (15).</summary>
    public string? Licence { get; init; }

    /// <summary><c>yyyy-MM-dd</c>; 9999-12-31 for one without an end (长期).</summary>
    public string? LicenceValidUntil { get; init; }

    /// <summary>The legal person (法定代表人) or owner.</summary>
    public string? LegalPerson { get; init; }

    /// <summary>Their resident number; kept and shown masked, the number itself is sealed.</summary>
    public string? ResidentId { get; init; }

    /// <summary>Where the bank settles to.</summary>
    public SettlementForm? Settlement { get; init; }

    /// <summary>Whom to call.</summary>
    public ContactForm? Contact { get; init; }

    /// <summary>Where it is.</summary>
    public AddressForm? Address { get; init; }

    /// <summary>How many machines it wants.</summary>
    public int? Machines { get; init; }

    /// <summary>What a diner's payment costs the merchant, in hundredths of a percent.</summary>
    public int? RateBasisPoints { get; init; }

    /// <summary>The bank's part of the rate.</summary>
    public int? BankCostBasisPoints { get; init; }

    /// <summary>The distributors' parts of the rate.</summary>
    public IReadOnlyList<ShareForm>? Shares { get; init; }

    /// <summary>Fields of which a warning was looked at and is accepted: <c>licence</c>.</summary>
    public IReadOnlyList<string>? AcceptWarnings { get; init; }
}

/// <summary>A settlement account.</summary>
/// <param name="Kind"><c>card</c> or <c>corporate</c>.</param>
/// <param name="AccountName">Whose it is.</param>
/// <param name="Account">Its number; kept and shown masked, the number itself is sealed.</param>
/// <param name="BankName">Its bank, with the branch for corporate accounts.</param>
internal sealed record SettlementForm(string? Kind = null, string? AccountName = null, string? Account = null, string? BankName = null)
{
    /// <summary>A person's bank card (对私).</summary>
    public const string Card = "card";

    /// <summary>A company's account (对公).</summary>
    public const string Corporate = "corporate";
}

/// <summary>A contact.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Phone">Kept and shown masked, the number itself is sealed.</param>
internal sealed record ContactForm(string? Name = null, string? Phone = null);

/// <summary>An address.</summary>
/// <param name="Province">省</param>
/// <param name="City">市</param>
/// <param name="District">区县</param>
/// <param name="Detail">Street and number.</param>
internal sealed record AddressForm(string? Province = null, string? City = null, string? District = null, string? Detail = null);

/// <summary>A distributor's part of the rate.</summary>
/// <param name="DistributorId">The distributor.</param>
/// <param name="BasisPoints">Its part.</param>
internal sealed record ShareForm(string? DistributorId = null, int? BasisPoints = null);

/// <summary>An application as it is sent.</summary>
internal sealed record ApplicationBody : ApplicationForm
{
    /// <summary>Who files it; may be missing for a caller who acts for one distributor.</summary>
    public string? DistributorId { get; init; }

    /// <summary>The version that is changed.</summary>
    public int? Version { get; init; }
}
