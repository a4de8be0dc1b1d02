using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary>What others ask of merchants' applications.</summary>
internal interface IApplications
{
    /// <summary>Whether the papers of an application may be changed: it is a draft or was returned. False also when there is none.</summary>
    Task<bool> CanEditAsync(MerchantId merchant, CancellationToken cancellationToken);
}
