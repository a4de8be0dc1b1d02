using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>What each operation does to an account.</summary>
internal static class OperationRules
{
    /// <summary>The account and the ledger's entries after the operation, or why it is refused.</summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="account">The account as it stands; a new one has nothing but its id and type.</param>
    /// <param name="facts">What else is known.</param>
    /// <param name="moment">Under which key and when.</param>
    public static Outcome Apply(CardOperation operation, CardAccount account, Facts facts, Moment moment) => operation switch
    {
        OpenAccount open => CardLifeRules.Open(open, account, facts, moment),
        ReportLost lost => CardLifeRules.Lose(lost, account, moment),
        ReportFound found => CardLifeRules.Find(found, account, moment),
        ReplaceCard replace => CardLifeRules.Replace(replace, account, facts, moment),
        TopUp topUp => MoneyRules.TopUp(topUp, account, moment),
        GrantSubsidy grant => MoneyRules.Grant(grant, account, moment),
        ExpireLot expire => MoneyRules.Expire(expire, account, moment),
        CloseAccount close => ClosingRules.Begin(close, account, moment),
        ReverseTap => ReversalRules.TakeBackTap(account, facts, moment),
        ReverseOperation => ReversalRules.TakeBackOperation(account, facts, moment),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not an operation."),
    };

    /// <summary>Why an account that is being closed, or is, cannot have this; null when it stands open.</summary>
    internal static Refused? RefusedUnlessActive(CardAccount account) => account.State switch
    {
        AccountState.Active => null,
        AccountState.Closing => new(OperationRefusal.AccountClosed, $"Account {account.AccountId} is being closed; open a new one."),
        _ => new(OperationRefusal.AccountClosed, $"Account {account.AccountId} is closed; open a new one."),
    };
}
