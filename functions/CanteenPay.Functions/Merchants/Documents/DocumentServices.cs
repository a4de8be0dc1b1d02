using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>Puts the papers' part of the app together.</summary>
internal static class DocumentServices
{
    /// <summary>Everything about papers.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services) => services
        .AddSingleton<DocumentRows>()
        .AddSingleton<DocumentBlobs>()
        .AddSingleton<OpenDocuments>()
        .AddSingleton<DocumentStore>()
        .AddSingleton<MerchantDocuments>()
        .AddSingleton<UploadGate>()
        .AddSingleton<DocumentUpload>()
        .AddSingleton<ISweeper, DocumentSweeper>();
}
