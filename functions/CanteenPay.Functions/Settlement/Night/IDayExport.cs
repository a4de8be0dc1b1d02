namespace CanteenPay.Functions.Settlement.Night;

/// <summary>Makes the files of a settlement date.</summary>
internal interface IDayExport
{
    /// <summary>Makes an edition of what is settled by now; nothing where the last edition holds the same. Safe to run again after any step.</summary>
    Task RunAsync(DateOnly day, CancellationToken cancellationToken);
}

/// <summary>Tells finance's own system of an edition.</summary>
internal interface IDelivery
{
    /// <summary>Tries once, and sends for the next try where it fails.</summary>
    /// <param name="day">The settlement date.</param>
    /// <param name="edition">Which edition.</param>
    /// <param name="attempt">How often it was tried before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task RunAsync(DateOnly day, int edition, int attempt, CancellationToken cancellationToken);
}
