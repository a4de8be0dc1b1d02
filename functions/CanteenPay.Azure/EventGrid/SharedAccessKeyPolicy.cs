using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.EventGrid;

/// <summary>Adds <c>Authorization: SharedAccessKey {key}</c>; the credential may be given a new key at any time.</summary>
internal sealed class SharedAccessKeyPolicy(AzureKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message) => message.Request.Headers.SetValue("Authorization", $"SharedAccessKey {credential.Key}");
}
