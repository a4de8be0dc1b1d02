using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Copies;

/// <summary>Copies a part of a table, then sends for the next one: queue <c>table-copies</c>.</summary>
internal sealed class CopyTables(
    TableAccounts accounts, PartReading reading, ICopyFiles files, CopyCatalog catalog, CopyQueue queue, TimeProvider clock, ILogger<CopyTables> logger)
{
    /// <summary>A copy that goes on for longer would hold rows of different days: begin another.</summary>
    private static readonly TimeSpan MostAge = TimeSpan.FromDays(1);

    /// <summary>A failed invocation would come back at once, ten times. Waiting is ours; after the last of them it is given to a person.</summary>
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    /// <summary>Takes one message. Safe to run again after any step, and beside another one.</summary>
    /// <exception cref="InvalidOperationException">It asks for something that no copy holds.</exception>
    [Function("CopyTables")]
    public async Task RunAsync([ServiceBusTrigger(CopyQueue.Queue, Connection = "ServiceBus")] CopyMessage message, CancellationToken cancellationToken)
    {
        Check(message);
        try
        {
            await CopyAsync(message, cancellationToken);
        }
        catch (Exception e) when (message.Try < Waits.Length && !cancellationToken.IsCancellationRequested)
        {
            var wait = Waits[message.Try];
            CopyLog.Failed(logger, e, message.Label, message.Part, message.Slice, message.Table, message.Account, message.Try + 1, wait.TotalSeconds);
            await queue.AgainAsync(message, wait, cancellationToken);
        }
    }

    private async Task CopyAsync(CopyMessage message, CancellationToken cancellationToken)
    {
        var part = await PartAsync(message, cancellationToken);
        if (part.Next is not null)
        {
            await queue.SendAsync(message.Next(part), cancellationToken);
            return;
        }

        var done = new CopyDone(message.Rows + part.Rows, message.Part + 1, message.Began, clock.GetUtcNow());
        await catalog.MarkAsync(message.Place, done, cancellationToken);
        CopyLog.SliceDone(logger, message.Label, message.Slice, message.Table, message.Account, done.Rows, done.Parts);

        // Whoever comes last finds all marks; two who come at once may both say so.
        if (await catalog.FindAsync(message.Label, cancellationToken) is not { IsComplete: true } copy)
            return;
        if (CopyLabel.IsNight(message.Label))
            CopyLog.NightDone(logger, message.Label, copy.Rows, copy.Plan.Tables.Count);
        else
            CopyLog.ExtraDone(logger, message.Label, copy.Rows, copy.Plan.Tables.Count);
    }

    /// <summary>The part as it lies there. What was written first stands, so that all who come later go on from the same row.</summary>
    private async Task<CopyPart> PartAsync(CopyMessage message, CancellationToken cancellationToken)
    {
        var name = message.Place.Part(message.Part);
        if (await files.FindAsync(name, cancellationToken) is { } known)
            return CopyPart.Read(name, known);
        var (content, part) = await reading.ReadAsync(
            accounts[message.Account].GetTableClient(message.Table), CopiedTables.Range(message.Slice, message.Slices), message.After, cancellationToken);
        if (await files.TryPutAsync(name, content, part.ToMetadata(), cancellationToken))
            return part;
        return CopyPart.Read(name, await files.FindAsync(name, cancellationToken) ?? throw new InvalidOperationException($"{name} was there and is gone."));
    }

    private void Check(CopyMessage message)
    {
        var age = clock.GetUtcNow() - message.Began;
        var wrong = !CopyLabel.Is(message.Label) ? "no copy is called so"
            : !accounts.Names.Contains(message.Account) ? "no account is called so"
            : !CopiedTables.Of(message.Account == TableAccounts.Main).Any(table => table.Table == message.Table) ? "that account has no such table"
            : !CopiedTables.IsSlice(message.Slice, message.Slices) ? "no table has such a slice"
            : message.Part is < 0 or >= CopyPlace.MostParts || message.Rows < 0 || (message.Part == 0) != (message.After is null) || !IsInside(message) ? "no slice has such a part"
            : age > MostAge ? "it was begun more than a day ago, begin another"
            : null;
        if (wrong is not null)
            throw new InvalidOperationException($"Copy {message.Label}, slice {message.Slice} of {message.Table} of {message.Account}, part {message.Part}, cannot be gone on with: {wrong}.");
    }

    private static bool IsInside(CopyMessage message)
    {
        var (from, end) = CopiedTables.Range(message.Slice, message.Slices);
        return message.After is not { } after
            || ((from is null || string.CompareOrdinal(after.Partition, from) >= 0) && (end is null || string.CompareOrdinal(after.Partition, end) < 0));
    }
}
