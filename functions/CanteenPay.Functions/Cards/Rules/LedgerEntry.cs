using System.Text.Json.Serialization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Rules;

/// <summary>One line of the card ledger, of a machine or of an operation. Never changed and never deleted: what was wrong is reversed by another line.</summary>
internal sealed record LedgerEntry
{
    /// <summary>Whose money.</summary>
    public required AccountId AccountId { get; init; }

    /// <summary>What it is.</summary>
    public required LedgerKind Kind { get; init; }

    /// <summary>Which purse.</summary>
    public required Purse Purse { get; init; }

    /// <summary>Which lot of it.</summary>
    public required string Lot { get; init; }

    /// <summary>In fen, not negative.</summary>
    public required Fen Amount { get; init; }

    /// <summary>What is left in the lot: as the machine believed, or for an operation as it is.</summary>
    public required Fen BalanceAfter { get; init; }

    /// <summary>When: by the machine's corrected clock, or the cloud's.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The business day that it counts to.</summary>
    public required DateOnly PostingDay { get; init; }

    /// <summary>What the machine wrote; null for an operation.</summary>
    public CardEntry? Tapped { get; init; }

    /// <summary>The journal's hash after it; null for an operation.</summary>
    public EntryHash? Hash { get; init; }

    /// <summary>The operation; null for a machine's entry.</summary>
    public string? Operation { get; init; }

    /// <summary>What somebody should look at.</summary>
    public EntryFlags Flags { get; init; }

    /// <summary>What it does to the balance, signed, in fen.</summary>
    [JsonIgnore]
    public Fen Change => SignOf(Kind) switch
    {
        > 0 => Amount,
        < 0 => Fen.Zero - Amount,
        _ => Fen.Zero,
    };

    /// <summary>1 for what comes in, -1 for what goes out, 0 for what only counts.</summary>
    public static int SignOf(LedgerKind kind) => kind switch
    {
        LedgerKind.Reversal or LedgerKind.TopUp or LedgerKind.Subsidy or LedgerKind.ExpiryReversal => 1,
        LedgerKind.Debit or LedgerKind.Expiry or LedgerKind.Payout or LedgerKind.Counter or LedgerKind.TopUpReversal or LedgerKind.SubsidyReversal => -1,
        LedgerKind.Count => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of entry."),
    };
}

/// <summary>What a line of the ledger is. Stored by name.</summary>
internal enum LedgerKind
{
    /// <summary>消费: a tap.</summary>
    Debit,

    /// <summary>计次: a meal without money.</summary>
    Count,

    /// <summary>撤销, 冲正: a tap is taken back, at the machine or by the office.</summary>
    Reversal,

    /// <summary>A second reversal of the same tap is made undone.</summary>
    Counter,

    /// <summary>充值: cash was paid in at the counter.</summary>
    TopUp,

    /// <summary>A top-up is taken back.</summary>
    TopUpReversal,

    /// <summary>补贴: the employer granted a lot.</summary>
    Subsidy,

    /// <summary>A subsidy is taken back.</summary>
    SubsidyReversal,

    /// <summary>补贴清零: what was left of a lot expired.</summary>
    Expiry,

    /// <summary>A tap from before the expiry came late: that much had not expired.</summary>
    ExpiryReversal,

    /// <summary>退卡: the balance was paid out when the account was closed.</summary>
    Payout,
}

/// <summary>What somebody should look at. A debit that a machine approved is booked whatever is said here: nobody's card is frozen for it.</summary>
[Flags]
internal enum EntryFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The lot went below zero: machines that did not know of each other spent it.</summary>
    Overdrawn = 1,

    /// <summary>Tapped after the card was reported lost or was replaced.</summary>
    AfterLoss = 2,

    /// <summary>Tapped after the account began to close.</summary>
    AfterClose = 4,

    /// <summary>The machine's clock was wrong by more than 5 minutes when it sent this.</summary>
    ClockSkew = 8,

    /// <summary>Beyond a limit of the card's type: machines that did not know of each other counted apart.</summary>
    LimitBroken = 16,

    /// <summary>The tap was reversed before: this reversal was countered.</summary>
    SecondReversal = 32,
}
