using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Postings;

namespace CanteenPay.Functions.Settlement;

/// <summary>What settlement is made of.</summary>
internal static class SettlementServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddSettlement(this IServiceCollection services) => services
        .AddSingleton<PostingStore>()
        .AddSingleton<DayIndex>()
        .AddSingleton<FinalMarkers>()
        .AddSingleton<ClosedDays>();
}
