using CanteenPay.Functions.Merchants.Documents;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>The pictures of applications, as they are kept.</summary>
internal sealed class MerchantPapers(MerchantDocuments documents) : IPapers
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(merchant, cancellationToken)).Select(document => document.Kind.UrlName())];

    /// <inheritdoc/>
    public async Task<byte[]?> OpenAsync(MerchantId merchant, string paper, CancellationToken cancellationToken) =>
        DocumentKindName.TryParse(paper, out var kind) && await documents.OpenAsync(merchant, kind, cancellationToken) is { } document ? document.Picture : null;

    /// <inheritdoc/>
    public Task ForgetAsync(MerchantId merchant, CancellationToken cancellationToken) => documents.ForgetAsync(merchant, cancellationToken);
}
