using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports.Rules;

/// <summary>What booked lines come to: in all, for each account, and how many each journal has. Of a posting day, or of many. Amounts in fen.</summary>
internal sealed class DaySum
{
    /// <summary>How many lines.</summary>
    public long Lines { get; set; }

    /// <summary>What they come to, by kind; not signed.</summary>
    public Dictionary<LedgerKind, Fen> Kinds { get; init; } = [];

    /// <summary>What they change, by account.</summary>
    public Dictionary<string, Fen> Accounts { get; init; } = [];

    /// <summary>How many of them are of a journal.</summary>
    public Dictionary<string, long> Journals { get; init; } = [];

    /// <summary>One line more.</summary>
    public void Add(AccountId account, LedgerKind kind, Fen amount, string? journal)
    {
        var change = LedgerEntry.SignOf(kind) switch
        {
            > 0 => amount,
            < 0 => Fen.Zero - amount,
            _ => Fen.Zero,
        };
        Lines++;
        Accounts[account.Value] = Accounts.GetValueOrDefault(account.Value) + change;
        Kinds[kind] = Kinds.GetValueOrDefault(kind) + amount;
        if (journal is not null)
            Journals[journal] = Journals.GetValueOrDefault(journal) + 1;
    }

    /// <summary>Other lines more.</summary>
    public void Add(DaySum other)
    {
        Lines += other.Lines;
        foreach (var (account, change) in other.Accounts)
            Accounts[account] = Accounts.GetValueOrDefault(account) + change;
        foreach (var (kind, amount) in other.Kinds)
            Kinds[kind] = Kinds.GetValueOrDefault(kind) + amount;
        foreach (var (journal, lines) in other.Journals)
            Journals[journal] = Journals.GetValueOrDefault(journal) + lines;
    }
}
