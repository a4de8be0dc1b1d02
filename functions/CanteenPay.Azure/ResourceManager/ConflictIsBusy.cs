using Azure.Core;

namespace CanteenPay.Azure.ResourceManager;

/// <summary>Resource Manager says 409 while another change of the same resource is under way. A write says everything there is, so it may be sent again.</summary>
internal sealed class ConflictIsBusy : ResponseClassifier
{
    public override bool IsRetriableResponse(HttpMessage message) => message.Response.Status == 409 || base.IsRetriableResponse(message);
}
