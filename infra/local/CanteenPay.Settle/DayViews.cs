using System.Text.Json.Serialization;
using CanteenPay.Protocol;

namespace CanteenPay.Settle;

/// <summary>A settlement date as the function app shows it to finance. Amounts in fen.</summary>
internal sealed record DayView(
    DateOnly Day, string State, DayProgress? Progress, DayFigures Totals, IReadOnlyList<DayLine> Lines, IReadOnlyList<CardLine> Cards);

/// <summary>How far it is: statements of merchants, merchants to be settled still, and those of them that could not be.</summary>
internal sealed record DayProgress(int Statements, int Merchants, int Due, int FailedCount, IReadOnlyList<FailedMerchant> Failed);

/// <summary>A merchant that could not be settled.</summary>
internal sealed record FailedMerchant(string MerchantId, string Reason);

/// <summary>A merchant's statement.</summary>
internal sealed record DayLine(string MerchantId, string? Name, int Revision, DayFigures Figures);

/// <summary>A statement's figures, or their sums.</summary>
internal sealed record DayFigures(
    int PaymentCount, int RefundCount, Fen Gross, Fen Refunds, Fen Fee, Fen FeeReturned, Fen Payable, Fen CarriedIn, Fen PaidOut, Fen CarriedOut, Fen BankPart,
    IReadOnlyList<DistributorLine> DistributorParts, Fen PlatformPart);

/// <summary>A distributor's part.</summary>
internal sealed record DistributorLine(string Distributor, Fen Part);

/// <summary>Card money of a merchant.</summary>
internal sealed record CardLine(string Merchant, Fen TopUps, Fen Subsidies, Fen Debits, Fen? Balance);

/// <summary>The files of the date's last edition; none while they are being made.</summary>
internal sealed record DayFiles(IReadOnlyList<DayFile> Files, int? Edition);

/// <summary>A file of the date.</summary>
internal sealed record DayFile(string Name, long Bytes, string Sha256);

/// <summary>How the function app refuses.</summary>
internal sealed record Problem(string? Detail);

/// <summary>The JSON of these.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DayView))]
[JsonSerializable(typeof(DayFiles))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class SettleJson : JsonSerializerContext;
