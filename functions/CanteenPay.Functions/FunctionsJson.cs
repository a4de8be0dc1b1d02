using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Reports.Rules;
using CanteenPay.Functions.Cards.Restored;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Devices.Certificates;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Merchants.Documents;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Merchants.Subscriptions;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Restored;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Shares;
using CanteenPay.Functions.Settlement.Views;
using CanteenPay.Protocol;

namespace CanteenPay.Functions;

/// <summary>The app's own JSON: queue messages and views.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PaymentStep))]
[JsonSerializable(typeof(CardAccount))]
[JsonSerializable(typeof(CardEntry))]
[JsonSerializable(typeof(List<LedgerEntry>))]
[JsonSerializable(typeof(MachineSettings))]
[JsonSerializable(typeof(List<JournalState>))]
[JsonSerializable(typeof(CardFeedMessage))]
[JsonSerializable(typeof(CardOperation))]
[JsonSerializable(typeof(StepResult))]
[JsonSerializable(typeof(OperationBody))]
[JsonSerializable(typeof(OperationView))]
[JsonSerializable(typeof(RulesBody))]
[JsonSerializable(typeof(RulesView))]
[JsonSerializable(typeof(AccountPage))]
[JsonSerializable(typeof(StatementView))]
[JsonSerializable(typeof(MachineDayView))]
[JsonSerializable(typeof(LoopResult))]
[JsonSerializable(typeof(DaySum))]
[JsonSerializable(typeof(FindCardBody))]
[JsonSerializable(typeof(JournalView))]
[JsonSerializable(typeof(OrdersAgainView))]
[JsonSerializable(typeof(RestoredView))]
[JsonSerializable(typeof(List<JournalView>))]
[JsonSerializable(typeof(MeView))]
[JsonSerializable(typeof(MemberBody))]
[JsonSerializable(typeof(MemberView))]
[JsonSerializable(typeof(List<MemberView>))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditVerdict))]
[JsonSerializable(typeof(ParkedView))]
[JsonSerializable(typeof(SettledBody))]
[JsonSerializable(typeof(List<ParkedView>))]
[JsonSerializable(typeof(DocumentInfo))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(List<OrderView>))]
[JsonSerializable(typeof(ConfirmedPayment))]
[JsonSerializable(typeof(ApplicationForm))]
[JsonSerializable(typeof(ApplicationBody))]
[JsonSerializable(typeof(ApplicationView))]
[JsonSerializable(typeof(List<ApplicationSummary>))]
[JsonSerializable(typeof(SubmitBody))]
[JsonSerializable(typeof(SendBody))]
[JsonSerializable(typeof(ReturnBody))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(ApproveBody))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(List<FeeShare>))]
[JsonSerializable(typeof(DistributorBody))]
[JsonSerializable(typeof(List<DistributorView>))]
[JsonSerializable(typeof(List<MerchantView>))]
[JsonSerializable(typeof(RateBody))]
[JsonSerializable(typeof(List<RateView>))]
[JsonSerializable(typeof(SubscriptionView))]
[JsonSerializable(typeof(MachineBody))]
[JsonSerializable(typeof(MoveBody))]
[JsonSerializable(typeof(List<MachineView>))]
[JsonSerializable(typeof(CertificateBody))]
[JsonSerializable(typeof(CertificateView))]
[JsonSerializable(typeof(CodeView))]
[JsonSerializable(typeof(RefundBody))]
[JsonSerializable(typeof(RefundView))]
[JsonSerializable(typeof(List<RefundView>))]
[JsonSerializable(typeof(ReversalBody))]
[JsonSerializable(typeof(ShareAccountView))]
[JsonSerializable(typeof(SettlementMessage))]
[JsonSerializable(typeof(DaySummary))]
[JsonSerializable(typeof(List<DaySummary>))]
[JsonSerializable(typeof(CopyMessage))]
[JsonSerializable(typeof(CopyPosition))]
[JsonSerializable(typeof(CopyPlan))]
[JsonSerializable(typeof(CopyDone))]
[JsonSerializable(typeof(CopyView))]
[JsonSerializable(typeof(List<CopyView>))]
internal sealed partial class FunctionsJson : JsonSerializerContext;
