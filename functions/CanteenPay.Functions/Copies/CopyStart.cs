using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Copies;

/// <summary>Begins copies. To begin one again goes on with it.</summary>
internal sealed class CopyStart(TableAccounts accounts, CopyCatalog catalog, CopyQueue queue, ILogger<CopyStart> logger)
{
    /// <summary>Begins a copy: says what it is to hold, then sends for the first part of each slice.</summary>
    public async Task<CopyPlan> BeginAsync(string label, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var plan = await catalog.BeginAsync(CopyPlan.Of(label, now, accounts), cancellationToken);
        await queue.BeginAsync(plan, cancellationToken);
        CopyLog.Begun(logger, label, plan.Slices().Count(), plan.Tables.Count);
        return plan;
    }
}
