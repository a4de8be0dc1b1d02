using System.Text.Json.Serialization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>What the office wants done. Stored as it is under its key, so that whoever finishes it does what was asked.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OpenAccount), "open")]
[JsonDerivedType(typeof(TopUp), "topup")]
[JsonDerivedType(typeof(GrantSubsidy), "subsidy")]
[JsonDerivedType(typeof(ReportLost), "lost")]
[JsonDerivedType(typeof(ReportFound), "found")]
[JsonDerivedType(typeof(ReplaceCard), "replace")]
[JsonDerivedType(typeof(CloseAccount), "close")]
[JsonDerivedType(typeof(ExpireLot), "expire")]
[JsonDerivedType(typeof(ReverseTap), "reverse-tap")]
[JsonDerivedType(typeof(ReverseOperation), "reverse-operation")]
internal abstract record CardOperation;

/// <summary>开户发卡: a new account and its first card.</summary>
internal sealed record OpenAccount(CardNo Card, string CardType, string? Name = null, string? Department = null) : CardOperation;

/// <summary>充值: cash was paid in at the counter.</summary>
/// <param name="Amount">In fen.</param>
internal sealed record TopUp(Fen Amount) : CardOperation;

/// <summary>补贴: the employer grants a lot, which bears the operation's key.</summary>
/// <param name="Amount">In fen.</param>
/// <param name="ValidUntil">The last business day on which it may be spent; null: it does not end.</param>
internal sealed record GrantSubsidy(Fen Amount, DateOnly? ValidUntil = null) : CardOperation;

/// <summary>挂失.</summary>
internal sealed record ReportLost(CardNo Card) : CardOperation;

/// <summary>解挂.</summary>
internal sealed record ReportFound(CardNo Card) : CardOperation;

/// <summary>换卡, 补卡: a card pays no more, another one pays from the same account.</summary>
internal sealed record ReplaceCard(CardNo Card, CardNo NewCard) : CardOperation;

/// <summary>退卡销户: the account ends and its cash is paid out.</summary>
/// <param name="Withhold">All but this is paid out at once, in fen; null: all of it once every machine has said what it still holds.</param>
internal sealed record CloseAccount(Fen? Withhold = null) : CardOperation;

/// <summary>补贴清零: what is left of a lot expires.</summary>
internal sealed record ExpireLot(string Lot) : CardOperation;

/// <summary>冲正: a tap is taken back, with all its parts.</summary>
/// <param name="PostingDay">The business day of its entries.</param>
/// <param name="Device">The machine.</param>
/// <param name="Epoch">The machine's journal.</param>
/// <param name="Seq">Any of its entries.</param>
internal sealed record ReverseTap(DateOnly PostingDay, DeviceId Device, Epoch Epoch, long Seq) : CardOperation;

/// <summary>冲正: a top-up or a subsidy is taken back.</summary>
/// <param name="Operation">Its key.</param>
internal sealed record ReverseOperation(string Operation) : CardOperation;
