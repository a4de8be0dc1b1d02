namespace CanteenPay.Channels.Registration;

/// <summary>
/// The bank's desk for new merchants. Both calls may be repeated at any time, also after answers were lost: what is there already stays, and what was
/// corrected replaces it.
/// </summary>
public interface IMerchantRegistration
{
    /// <summary>Sends a merchant's papers. Complete when it answers <see cref="RegistrationOutcome.Reviewing"/>; otherwise it is to be sent again.</summary>
    /// <param name="form">What is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<RegistrationOutcome> SubmitAsync(RegistrationForm form, CancellationToken cancellationToken);

    /// <summary>Asks what became of a merchant.</summary>
    /// <param name="outMerchantId">Our number of the merchant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<RegistrationOutcome> QueryAsync(string outMerchantId, CancellationToken cancellationToken);
}
