using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>An operation as the office is answered; amounts in fen.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Kind">What was wanted.</param>
/// <param name="AccountId">The account.</param>
/// <param name="State"><c>done</c>, <c>waiting</c> or <c>refused</c>.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="PostingDay">The business day that it counts to.</param>
/// <param name="Entries">What the ledger got.</param>
internal sealed record OperationView(
    string Key, string Kind, AccountId AccountId, string State, DateTimeOffset RequestedAt, DateOnly PostingDay, IReadOnlyList<OperationEntryView> Entries)
{
    /// <summary>What the account held after it.</summary>
    public Fen? Balance { get; init; }

    /// <summary>How the account stood after it.</summary>
    public AccountState? AccountState { get; init; }

    /// <summary>What it waits for, in words.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; init; }

    public static OperationView Of(OperationProgress progress)
    {
        var (row, steps) = (progress.Row, progress.Steps);
        return new(
            row.Key,
            OperationNames.Of(row.Operation),
            row.Account,
            progress.Refused is not null ? "refused" : row.IsFinished ? "done" : "waiting",
            BusinessDay.Local(row.RequestedAt),
            row.PostingDay,
            [.. steps.SelectMany(step => step.Entries).Select(OperationEntryView.Of)])
        {
            Balance = steps[^1].Result?.Balance,
            AccountState = steps[^1].Result?.State,
            WaitsFor = row.IsFinished ? null : progress.Waits,
            Refusal = progress.Refused?.Message,
        };
    }
}

/// <summary>A line of the ledger that an operation made.</summary>
internal sealed record OperationEntryView(LedgerKind Kind, Purse Purse, string Lot, Fen Amount, Fen BalanceAfter, DateTimeOffset At, DateOnly PostingDay)
{
    public static OperationEntryView Of(LedgerEntry entry) =>
        new(entry.Kind, entry.Purse, entry.Lot, entry.Amount, entry.BalanceAfter, BusinessDay.Local(entry.At), entry.PostingDay);
}
