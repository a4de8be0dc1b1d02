using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Copies;

/// <summary>What copies are made of.</summary>
internal static class CopyServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddCopies(this IServiceCollection services) => services
        .AddSingleton<ICopyFiles, CopyBlobs>()
        .AddSingleton(CopyLimits.Usual)
        .AddSingleton<PartReading>()
        .AddSingleton<CopyCatalog>()
        .AddSingleton<CopyQueue>()
        .AddSingleton<CopyStart>()
        .AddSingleton<INightChore, NightCopy>();
}
