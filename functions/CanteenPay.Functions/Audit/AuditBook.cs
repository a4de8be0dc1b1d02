using Azure;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>
/// Keeps entries, for good once the call returns. Who waits while a transaction is under way goes into the next one together: one partition takes a few dozen
/// transactions a second, and 50 times as many entries.
/// </summary>
internal sealed class AuditBook(AuditStore store, AuditDays days, TimeProvider clock, Random random, ILogger<AuditBook> logger)
{
    /// <summary>In one transaction, which holds 100 rows and 4 MiB.</summary>
    public const int MostTogether = 50;

    private const int MostWaiting = 2_000;
    private const int MostTries = 8;

    /// <summary>Nobody who asks for something waits longer for the audit.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _isWriting;
    private AuditHead? _head;

    /// <summary>The last entry that this instance saw kept: if it is gone one day, somebody rewrote the chain.</summary>
    private AuditRow? _kept;

    /// <summary>Keeps an entry.</summary>
    /// <exception cref="AuditException">It could not be kept; it may still be, later.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; it may still be kept.</exception>
    public async Task AddAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(entry);
        bool begins;
        lock (_lock)
        {
            if (_waiting.Count >= MostWaiting)
                throw new AuditException($"{MostWaiting} entries wait already.");
            _waiting.Enqueue(waiting);
            begins = !_isWriting;
            _isWriting = true;
        }

        if (begins)
            _ = WriteAllAsync();
        try
        {
            await waiting.Kept.Task.WaitAsync(Patience, clock, cancellationToken);
        }
        catch (TimeoutException late)
        {
            waiting.HasGone = true;
            throw new AuditException($"It was not kept within {Patience.TotalSeconds} s.", late);
        }
        catch (OperationCanceledException)
        {
            waiting.HasGone = true;
            throw;
        }
    }

    /// <summary>Until nobody waits any more. It never throws: whoever waits is told.</summary>
    private async Task WriteAllAsync()
    {
        while (Take() is { Count: > 0 } together)
        {
            try
            {
                await WriteAsync([.. together.Select(waiting => waiting.Entry)], CancellationToken.None);
                together.ForEach(waiting => waiting.Kept.TrySetResult());
            }
            catch (Exception e)
            {
                AuditLog.NotKept(logger, e, together.Count);
                together.ForEach(waiting => waiting.Kept.TrySetException(new AuditException("Storage did not take it.", e)));
            }
        }
    }

    private List<Waiting> Take()
    {
        lock (_lock)
        {
            List<Waiting> together = [];
            while (together.Count < MostTogether && _waiting.TryDequeue(out var next))
            {
                // Who was told that it was not kept asks again, or was never served: it would only stand there without an outcome.
                if (!next.HasGone)
                    together.Add(next);
            }

            _isWriting = together.Count > 0;
            return together;
        }
    }

    private async Task WriteAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        List<AuditRow>? tried = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // An answer that was lost, or somebody of whom it is not known whether it was us: the hash tells, since a request's number is in it.
                if (tried is not null && await store.FindAsync(tried[0].Day, tried[0].Seq, cancellationToken) is { } there && there.Hash == tried[0].Hash)
                {
                    _kept = tried[^1];
                    return;
                }

                var head = await HeadAsync(cancellationToken);
                tried = Rows(head, entries);
                if (await store.TryAddAsync(head, tried, cancellationToken) is { } moved)
                {
                    if (head.Version == default)
                        await NoteBeginningAsync(head.Day, cancellationToken);
                    (_head, _kept) = (moved, tried[^1]);
                    return;
                }

                // Another instance was faster.
                _head = null;
                if (attempt >= MostTries)
                    throw new AuditException($"Others were faster {MostTries} times.");
            }
            catch (RequestFailedException) when (attempt < MostTries)
            {
                _head = null;
            }

            await Task.Delay(FirstWait * Math.Pow(2, Math.Min(attempt, 6)) * (0.5 + random.NextDouble()), clock, cancellationToken);
        }
    }

    private async Task<AuditHead> HeadAsync(CancellationToken cancellationToken)
    {
        var today = BusinessDay.Of(clock.GetUtcNow());
        if (_head is { } known && known.Day >= today)
            return known;
        await FindKeptAsync(cancellationToken);
        return await days.OpenAsync(today, cancellationToken);
    }

    /// <summary>Whatever was added since, what this instance kept stands where it stood. If not, it is said for good, and work goes on.</summary>
    private async Task FindKeptAsync(CancellationToken cancellationToken)
    {
        if (_kept is not { } kept || await store.FindAsync(kept.Day, kept.Seq, cancellationToken) is { } there && there.Hash == kept.Hash)
            return;
        AuditLog.Rewritten(logger, kept.Day, kept.Seq, kept.Hash);
        await store.NoteRewrittenAsync(kept, cancellationToken);
        _kept = null;
    }

    /// <summary>The entries are kept already: that looking begins a day earlier costs a few reads and nothing else.</summary>
    private async Task NoteBeginningAsync(DateOnly day, CancellationToken cancellationToken)
    {
        try
        {
            await days.BeganAsync(day, cancellationToken);
        }
        catch (RequestFailedException e)
        {
            AuditLog.BeginningNotNoted(logger, e, day);
        }
    }

    private static List<AuditRow> Rows(AuditHead head, IReadOnlyList<AuditEntry> entries)
    {
        var rows = new List<AuditRow>(entries.Count);
        foreach (var entry in entries)
        {
            var row = AuditRow.After(head, entry);
            rows.Add(row);
            head = head with { Seq = row.Seq, Hash = row.Hash };
        }

        return rows;
    }

    private sealed class Waiting(AuditEntry entry)
    {
        private volatile bool _hasGone;

        public AuditEntry Entry { get; } = entry;

        public TaskCompletionSource Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasGone
        {
            get => _hasGone;
            set => _hasGone = value;
        }
    }
}

/// <summary>Something could not be kept in the audit.</summary>
internal sealed class AuditException(string message, Exception? inner = null) : Exception(message, inner);
