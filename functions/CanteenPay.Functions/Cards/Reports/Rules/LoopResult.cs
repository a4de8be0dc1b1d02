using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports.Rules;

/// <summary>What a check of the closed loop came to; amounts in fen.</summary>
/// <param name="At">When.</param>
/// <param name="FeedVersion">The version of the feed at which it was made.</param>
/// <param name="Accounts">How many accounts.</param>
/// <param name="Lines">How many lines of the ledger were counted.</param>
/// <param name="Kinds">What they come to, by kind.</param>
internal sealed record LoopResult(DateTimeOffset At, long FeedVersion, int Accounts, long Lines, IReadOnlyList<LoopKind> Kinds)
{
    /// <summary>False when accounts kept changing while it was made: then it says nothing.</summary>
    public bool IsSettled { get; init; } = true;

    /// <summary>What the lines come to.</summary>
    public Fen Entries { get; init; }

    /// <summary>What the accounts hold.</summary>
    public Fen Balance { get; init; }

    /// <summary>How many accounts hold something else than their lines say.</summary>
    public int DifferingAccounts { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<AccountDifference> Differing { get; init; } = [];

    /// <summary>Journals that lack lines below their cursor: how many are there, of how many.</summary>
    public IReadOnlyList<string> Holes { get; init; } = [];

    /// <summary>Lines that finished operations lack.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Lines that somebody should look at, of the posting days of a week.</summary>
    public IReadOnlyList<LoopFlag> Flagged { get; init; } = [];

    /// <summary>What the accounts hold more than their lines say.</summary>
    public Fen Difference => Balance - Entries;

    /// <summary>Whether every fen is accounted for.</summary>
    public bool IsClosed => IsSettled && DifferingAccounts == 0 && Holes.Count == 0 && Missing.Count == 0;
}

/// <summary>What the lines of a kind come to.</summary>
internal sealed record LoopKind(LedgerKind Kind, Fen Amount);

/// <summary>How many lines of a posting day have a flag; a line with two counts for each.</summary>
internal sealed record LoopFlag(DateOnly Day, EntryFlags Flag, int Lines);

/// <summary>An account that holds something else than its lines say.</summary>
internal sealed record AccountDifference(AccountId AccountId, Fen Entries, Fen Balance);
