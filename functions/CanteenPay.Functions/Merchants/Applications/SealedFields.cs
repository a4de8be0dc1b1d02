using CanteenPay.Functions.Sealing;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>What of an application is kept sealed only; null for what is not given yet, or was forgotten.</summary>
/// <param name="ResidentId">The legal person's resident number.</param>
/// <param name="Account">The settlement account.</param>
/// <param name="Phone">The contact's phone.</param>
internal sealed record SealedFields(string? ResidentId, string? Account, string? Phone)
{
    private const string ResidentIdPurpose = "residentId", AccountPurpose = "settlement.account", PhonePurpose = "contact.phone";

    /// <summary>Nothing.</summary>
    public static readonly SealedFields None = new(null, null, null);

    /// <summary>Seals what was sent anew; what was sent as its own mask stays as it is kept.</summary>
    public static SealedFields Seal(DataKey key, PlainFields sent, SealedFields kept) => new(
        One(key, sent.ResidentId, kept.ResidentId, ResidentIdPurpose),
        One(key, sent.Account, kept.Account, AccountPurpose),
        One(key, sent.Phone, kept.Phone, PhonePurpose));

    /// <summary>The numbers themselves.</summary>
    /// <exception cref="SealException">They do not open.</exception>
    public PlainFields Open(DataKey key) => new(
        ResidentId is null ? null : new(key.OpenText(ResidentId, ResidentIdPurpose)),
        Account is null ? null : new(key.OpenText(Account, AccountPurpose)),
        Phone is null ? null : new(key.OpenText(Phone, PhonePurpose)));

    private static string? One(DataKey key, PlainField? sent, string? kept, string purpose) => sent switch
    {
        null => null,
        { IsKept: true } => kept,
        { Text: var text } => key.SealText(text, purpose),
    };
}

/// <summary>A number of a person in the clear: never printed.</summary>
/// <param name="Text">The number.</param>
/// <param name="IsKept">Its mask was sent: the number stays what it was.</param>
internal sealed record PlainField(string Text, bool IsKept = false)
{
    /// <summary>A mask for everybody.</summary>
    public override string ToString() => "***";
}

/// <summary>The numbers of an application in the clear; null for what is not given.</summary>
/// <param name="ResidentId">The legal person's resident number.</param>
/// <param name="Account">The settlement account.</param>
/// <param name="Phone">The contact's phone.</param>
internal sealed record PlainFields(PlainField? ResidentId, PlainField? Account, PlainField? Phone);
