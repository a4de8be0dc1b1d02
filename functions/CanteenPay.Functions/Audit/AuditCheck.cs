using System.Globalization;

namespace CanteenPay.Functions.Audit;

/// <summary>Walks a day's chain and says where it is broken.</summary>
internal sealed class AuditCheck(AuditStore store, ILogger<AuditCheck> logger)
{
    private const int MostFindings = 20;

    /// <summary>What was found.</summary>
    public async Task<AuditVerdict> CheckAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var head = await store.HeadAsync(day, cancellationToken);
        var previous = head is null ? null : await BeginningAsync(head, findings, cancellationToken);
        long entries = 0, expected = 1;
        await foreach (var row in store.ListAsync(day, after: 0, maxPerPage: null, cancellationToken))
        {
            if (findings.Count >= MostFindings)
                break;
            entries++;
            if (row.Seq != expected)
                findings.Add(Say($"Entry {expected} is missing: {row.Seq} follows."));
            else if (previous is not null && row.Previous != previous)
                findings.Add(Say($"Entry {row.Seq} does not hang on what stands before it."));
            if (row.Hash != AuditChain.Next(row.Previous, day, row.Seq, row.Entry))
                findings.Add(Say($"Entry {row.Seq} was changed."));
            (previous, expected) = (row.Hash, row.Seq + 1);
        }

        if (head is null && entries > 0)
            findings.Add("The day has entries and no head.");
        else if (head is not null && findings.Count < MostFindings && (head.Seq != expected - 1 || head.Hash != previous))
            findings.Add(Say($"The last entry was {head.Seq}, and the last that is there is {expected - 1}, or another one."));
        foreach (var finding in findings)
            AuditLog.Broken(logger, day, finding);
        return new(day, entries, findings.Count == 0, findings, head?.Hash, head?.Next is not null);
    }

    /// <summary>What the day's first entry must hang on; null when that cannot be said.</summary>
    private async Task<string?> BeginningAsync(AuditHead head, List<string> findings, CancellationToken cancellationToken)
    {
        if (head.Previous is not { } before)
        {
            if (await store.HasEarlierAsync(head.Day, cancellationToken))
                findings.Add("The day says that it is the first one, and there are earlier ones.");
            return AuditChain.First(head.Day, "");
        }

        if (await store.HeadAsync(before, cancellationToken) is not { } earlier)
        {
            findings.Add(Say($"The day hangs on {before:yyyy-MM-dd}, which is gone."));
            return null;
        }

        if (earlier.Next != head.Day)
            findings.Add(Say($"The day hangs on {before:yyyy-MM-dd}, which another day follows, or none."));
        return AuditChain.First(head.Day, earlier.Hash);
    }

    private static string Say(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the check of a day found.</summary>
/// <param name="Day">The day.</param>
/// <param name="Entries">How many entries were walked.</param>
/// <param name="IsWhole">Nothing was removed, changed, put in or moved, as far as the chain can tell.</param>
/// <param name="Findings">Where it is broken; the first of them.</param>
/// <param name="Hash">The last hash, to be compared with what the log said when the day was sealed.</param>
/// <param name="IsSealed">Nothing can be added any more.</param>
internal sealed record AuditVerdict(DateOnly Day, long Entries, bool IsWhole, IReadOnlyList<string> Findings, string? Hash, bool IsSealed);
