using CanteenPay.Functions.Cards.Operations.Rules;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>
/// Takes an operation from the wish to the ledger: the guards, what was asked for, one transaction for each step, the ledger's rows from what it noted. Every step may
/// be killed after any I/O and taken again.
/// </summary>
internal sealed class OperationLife(
    OperationStore store, OperationSteps steps, OperationFacts facts, OutstandingTaps outstanding, LedgerStore ledger, OpenCardStore open, FeedWake feed, TimeProvider clock,
    ILogger<OperationLife> logger)
{
    /// <summary>Does what is asked for, or finds what was done under its key before.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="account">Its account as it was just read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How it stands; null when the key names another operation.</returns>
    /// <exception cref="InvalidOperationException">Others kept writing the account: it is asked for again, or the sweep completes it.</exception>
    public async Task<OperationProgress?> RequestAsync(OperationRow asked, AccountRow account, CancellationToken cancellationToken)
    {
        // Before anything is stored: whatever becomes of this process, somebody completes it and tells the machines.
        await open.GuardOperationAsync(asked.Merchant, asked.Key, cancellationToken);
        await open.GuardFeedAsync(asked.Merchant, cancellationToken);
        var (row, inserted) = await store.InsertAsync(asked, cancellationToken);
        if (row.Hash == asked.Hash)
            return await GoOnAsync(row, inserted ? account : null, heard: null, cancellationToken) with { IsRepeat = !inserted };
        if (row.IsFinished)
            await open.ReleaseOperationAsync(row.Merchant, row.Key, cancellationToken);
        return null;
    }

    /// <summary>Takes the steps that an operation lacks. Safe to run again after any I/O.</summary>
    /// <param name="row">The operation.</param>
    /// <param name="account">Its account as it was just read, when no step can have been taken.</param>
    /// <param name="heard">What was heard of machines a moment ago; null when nothing was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<OperationProgress> GoOnAsync(OperationRow row, AccountRow? account, JournalsHeard? heard, CancellationToken cancellationToken)
    {
        // What was left behind may have outlived the guard that was written when it was asked for. A closing that only waits changes nothing.
        if (account is null && row is { IsFinished: false, KnownFrom: null })
            await open.GuardFeedAsync(row.Merchant, cancellationToken);
        var first = await steps.TakeAsync(row, step: 0, account, current => DecideAsync(row, current, cancellationToken), cancellationToken);
        if (row.IsFinished)
            return await EndAsync(row, first, cancellationToken);
        if (row.KnownFrom is null)
            await ledger.WriteAsync(first, cancellationToken);
        if (first.Result?.Refused is null && row.Operation is CloseAccount)
        {
            // Machines must hear of it before they can say that they know.
            if (row.KnownFrom is null)
                await feed.WakeAsync(row.Merchant, cancellationToken);
            (row, var waits) = await outstanding.WaitsAsync(row, heard, cancellationToken);
            if (waits.Count > 0)
                return new(row, [first], waits);
            await ledger.WriteAsync(await EndClosingAsync(row, cancellationToken), cancellationToken);
        }

        // Others write the header twice at most: from which version on machines know, and that it is finished.
        if (await store.TryUpdateAsync(row with { IsFinished = true }, cancellationToken) is not { } finished)
            return await GoOnAsync(await AgainAsync(row, cancellationToken), account: null, heard, cancellationToken);
        CardOperationLog.Finished(logger, row.Key, row.Merchant.Value, row.Account.Value, OperationNames.Of(row.Operation), first.Result?.Refused?.Code);
        return await EndAsync(finished, first, cancellationToken);
    }

    /// <summary>How an operation stands that is finished; nothing is done about it.</summary>
    public async Task<OperationProgress> ShowAsync(OperationRow finished, CancellationToken cancellationToken)
    {
        var first = await store.FindStepAsync(finished, 0, cancellationToken)
            ?? throw new InvalidOperationException($"Operation {finished.Key} is finished, and what it came to is gone: that is never deleted.");
        return await WithLastAsync(finished, first, cancellationToken);
    }

    private async Task<(Outcome Outcome, IEnumerable<Azure.Tables.ITableEntity> Beside)> DecideAsync(
        OperationRow row, AccountRow account, CancellationToken cancellationToken)
    {
        var known = await facts.ReadAsync(row, cancellationToken);
        return (OperationRules.Apply(row.Operation, account.Account, known, new(row.Key, row.PostingDay, clock.GetUtcNow())), OperationFacts.Beside(row, known));
    }

    private Task<MovedRow> EndClosingAsync(OperationRow row, CancellationToken cancellationToken) => steps.TakeAsync(
        row,
        step: 1,
        account: null,
        current =>
        {
            var now = clock.GetUtcNow();
            // The day on which the money is paid out, which may be days after it was asked for.
            return Task.FromResult<(Outcome, IEnumerable<Azure.Tables.ITableEntity>)>(
                (ClosingRules.End(current.Account, new(row.Key, Protocol.BusinessDay.Of(now), now)), []));
        },
        cancellationToken);

    /// <summary>The last steps of a finished operation: the machines are told, and only then its guard goes.</summary>
    private async Task<OperationProgress> EndAsync(OperationRow row, MovedRow first, CancellationToken cancellationToken)
    {
        if (first.Result?.Refused is null)
            await feed.WakeAsync(row.Merchant, cancellationToken);
        await open.ReleaseOperationAsync(row.Merchant, row.Key, cancellationToken);
        return await WithLastAsync(row, first, cancellationToken);
    }

    private async Task<OperationProgress> WithLastAsync(OperationRow row, MovedRow first, CancellationToken cancellationToken) =>
        row.Operation is CloseAccount && await store.FindStepAsync(row, 1, cancellationToken) is { } last ? new(row, [first, last], []) : new(row, [first], []);

    private async Task<OperationRow> AgainAsync(OperationRow row, CancellationToken cancellationToken) =>
        await store.FindAsync(row.Merchant, row.Key, cancellationToken)
        ?? throw new InvalidOperationException($"Operation {row.Key} is gone: operations are never deleted.");
}

/// <summary>How an operation stands.</summary>
/// <param name="Row">The operation.</param>
/// <param name="Steps">What its steps came to.</param>
/// <param name="Waits">What it waits for, in words.</param>
internal sealed record OperationProgress(OperationRow Row, IReadOnlyList<MovedRow> Steps, IReadOnlyList<string> Waits)
{
    /// <summary>Why it was refused; null when it was not.</summary>
    public Refused? Refused => Steps[0].Result?.Refused;

    /// <summary>Whether it was asked for before, under the same key.</summary>
    public bool IsRepeat { get; init; }
}
