namespace CanteenPay.Channels.Registration;

/// <summary>What the bank said of a merchant, or that nothing is known.</summary>
public abstract record RegistrationOutcome
{
    private RegistrationOutcome()
    {
    }

    /// <summary>The bank has everything and looks at it.</summary>
    public sealed record Reviewing : RegistrationOutcome;

    /// <summary>The bank does not have everything yet: it is to be sent again.</summary>
    public sealed record Incomplete : RegistrationOutcome;

    /// <summary>The bank wants something corrected.</summary>
    /// <param name="Reasons">By field of our form; at most 20, each at most 200 characters on one line.</param>
    public sealed record Returned(IReadOnlyDictionary<string, string> Reasons) : RegistrationOutcome;

    /// <summary>The bank does not want the merchant.</summary>
    /// <param name="Reason">Why, on one line.</param>
    public sealed record Refused(string Reason) : RegistrationOutcome;

    /// <summary>The bank has taken the merchant.</summary>
    /// <param name="MerchantNo">Its number at the gateway.</param>
    public sealed record Approved(string MerchantNo) : RegistrationOutcome;

    /// <summary>Nothing is known: no answer, one that cannot be believed, or a refusal of the request itself. To be tried again.</summary>
    /// <param name="Doubt">Why.</param>
    public sealed record Unknown(Doubt Doubt) : RegistrationOutcome;
}
