using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Shares;
using CanteenPay.Functions.Settlement.Statements;

namespace CanteenPay.Functions.Settlement;

/// <summary>What settlement is made of.</summary>
internal static class SettlementServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddSettlement(this IServiceCollection services) => services
        .AddSingleton<PostingStore>()
        .AddSingleton<DayIndex>()
        .AddSingleton<FinalMarkers>()
        .AddSingleton<ClosedDays>()
        .AddSingleton<AdjustedDays>()
        .AddSingleton<PostingDesk>()
        .AddSingleton<ShareStore>()
        .AddSingleton<StatementStore>()
        .AddSingleton<StatementChain>()
        .AddSingleton<SettlementQueue>();
}
