using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Closing;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Shares;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Functions.Settlement.Views;

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
        .AddSingleton<PostingsAgain>()
        .AddShares()
        .AddSingleton<StatementStore>()
        .AddSingleton<StatementChain>()
        .AddSingleton<SettlementQueue>()
        .AddSingleton<CardDays>()
        .AddSingleton<DayReading>()
        .AddSingleton<CarriedMerchants>()
        .AddSingleton<CarryOn>()
        .AddSingleton<MerchantSettling>()
        .AddSingleton<FanOut>()
        .AddSingleton<ClosingRun>()
        .AddSingleton<ClosingDesk>()
        .AddSingleton<DayReader>()
        .AddSingleton<INightChore, SettlementNight>()
        .AddSingleton<ISweeper, SettlementSweeper>()
        .ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Add(SettlementJson.Default));
}
