namespace CanteenPay.Functions.Settlement.Night;

/// <summary>Stands in until exports are merged.</summary>
internal sealed class NoExportYet : IDayExport, IDelivery
{
    /// <inheritdoc/>
    public Task RunAsync(DateOnly day, CancellationToken cancellationToken) => throw new InvalidOperationException("Exports are not there yet.");

    /// <inheritdoc/>
    public Task RunAsync(DateOnly day, int edition, int attempt, CancellationToken cancellationToken) => throw new InvalidOperationException("Exports are not there yet.");
}
