using System.Globalization;

namespace CanteenPay.Functions.Audit;

/// <summary>Walks a day's chain and says where it is broken.</summary>
internal sealed class AuditCheck(AuditStore store, ILogger<AuditCheck> logger)
{
    private const int MostFindings = 20;
    private const int MostWalks = 3;

    /// <summary>Between the sealing of a day and the first entry of the next, storage looks the same.</summary>
    private const string GoneOrKilled = "it was taken away, or its first writer was killed and nobody asked for anything since.";

    /// <summary>What was found.</summary>
    public async Task<AuditVerdict> CheckAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var verdict = await WalkAsync(day, cancellationToken);
        // A day that was being written meanwhile is looked at again: what was found may only be a head and rows of different moments.
        for (var walks = 1; !verdict.IsWhole && walks < MostWalks && (await store.HeadAsync(day, cancellationToken))?.Hash != verdict.Hash; walks++)
            verdict = await WalkAsync(day, cancellationToken);
        foreach (var finding in verdict.Findings)
            AuditLog.Broken(logger, day, finding);
        return verdict;
    }

    private async Task<AuditVerdict> WalkAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var head = await store.HeadAsync(day, cancellationToken);
        long entries = 0;
        if (head is null)
        {
            if (await GoneAsync(day, cancellationToken) is { } gone)
                findings.Add(gone);
        }
        else
        {
            entries = await WalkAsync(head, findings, cancellationToken);
            if (head.Next is { } next && await store.HeadAsync(next, cancellationToken) is null)
                findings.Add(Say($"{next:yyyy-MM-dd} follows, and nothing is there: {GoneOrKilled}"));
        }

        await foreach (var seq in store.RewrittenAsync(day, cancellationToken).Take(MostFindings))
            findings.Add($"Entry {seq} was kept, and was gone when its writer looked again: the end was cut off or written anew.");
        return new(day, entries, findings.Count == 0, findings, head?.Hash, head?.Next is not null);
    }

    /// <summary>What is wrong with a day without a head; null when there never was such a day.</summary>
    private async Task<string?> GoneAsync(DateOnly day, CancellationToken cancellationToken) =>
        await store.ListAsync(day, after: 0, 1, cancellationToken).AnyAsync(cancellationToken) ? "The day has entries and no head."
        : await store.BeginningAsync(cancellationToken) == day && await store.HasEarlierAsync(day, cancellationToken) ? "The day had begun, and all of it is gone."
        : await store.FollowedByAsync(day, cancellationToken) is { } before ? Say($"{before:yyyy-MM-dd} was sealed for this day, and nothing is there: {GoneOrKilled}")
        : null;

    /// <summary>The entries up to the head's; how many were walked. What was added since the head was read hangs on them and is not looked at.</summary>
    private async Task<long> WalkAsync(AuditHead head, List<string> findings, CancellationToken cancellationToken)
    {
        var previous = await BeginningAsync(head, findings, cancellationToken);
        long entries = 0, expected = 1;
        await foreach (var row in store.ListAsync(head.Day, after: 0, maxPerPage: null, cancellationToken))
        {
            if (findings.Count >= MostFindings)
                return entries;
            if (row.Seq > head.Seq)
            {
                if ((await store.HeadAsync(head.Day, cancellationToken))?.Version == head.Version)
                    findings.Add(Say($"Entry {row.Seq} stands behind the last one, {head.Seq}."));
                break;
            }

            entries++;
            if (row.Seq != expected)
                findings.Add(Say($"Entry {expected} is missing: {row.Seq} follows."));
            else if (previous is not null && row.Previous != previous)
                findings.Add(Say($"Entry {row.Seq} does not hang on what stands before it."));
            if (row.Hash != AuditChain.Next(row.Previous, head.Day, row.Seq, row.Entry))
                findings.Add(Say($"Entry {row.Seq} was changed."));
            (previous, expected) = (row.Hash, row.Seq + 1);
        }

        if (head.Seq != expected - 1 || previous is not null && head.Hash != previous)
            findings.Add(Say($"The last entry was {head.Seq}, and the last that is there is {expected - 1}, or another one."));
        return entries;
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
