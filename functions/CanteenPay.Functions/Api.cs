using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Restored;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Documents;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Restored;
using CanteenPay.Functions.Settlement;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Shares;

namespace CanteenPay.Functions;

/// <summary>The endpoints for people and programs, below <c>/api</c>. Each says who may call it; what may change something stands in the audit.</summary>
internal static class Api
{
    [Function("Api")]
    public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "delete", Route = "api/{*path}")] RouteGroupBuilder api)
    {
        api.AddEndpointFilter<RouteGroupBuilder, AuditFilter>();
        MemberEndpoints.Map(api);
        AuditEndpoints.Map(api);
        OrderEndpoints.Map(api);
        OrdersAgainEndpoint.Map(api);
        RefundEndpoints.Map(api);
        OperationEndpoints.Map(api);
        RulesEndpoints.Map(api);
        AccountEndpoints.Map(api);
        ReportEndpoints.Map(api);
        ParkedEndpoints.Map(api);
        JournalEndpoints.Map(api);
        RestoredEndpoint.Map(api);
        MerchantServices.Map(api);
        DocumentEndpoints.Map(api);
        ShareEndpoints.Map(api);
        SettlementEndpoints.Map(api);
        FileEndpoints.Map(api);
        CopyEndpoints.Map(api);
    }
}
