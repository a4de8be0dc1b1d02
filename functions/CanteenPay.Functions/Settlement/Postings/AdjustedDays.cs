using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Postings;

/// <summary>
/// On which day a payment or a refund counts whose own day was closed without it: column <c>AdjustedDay</c> of its order's or its own row. It is stored before the
/// adjustment is written, so that whoever comes again after a kill writes the same one.
/// </summary>
internal sealed class AdjustedDays(TableServiceClient tables)
{
    /// <summary>The column.</summary>
    public const string Column = "AdjustedDay";

    private const int MaxConflicts = 10;

    private readonly TableClient _orders = tables.GetTableClient(OrderStore.Table);

    /// <summary>Chooses a day, unless another one was chosen meanwhile.</summary>
    /// <param name="partition">The partition of the row in <c>Orders</c>.</param>
    /// <param name="row">The order's or refund's id.</param>
    /// <param name="from">The day that was chosen before, and was closed too; null for the first.</param>
    /// <param name="to">The day to choose.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The day that is chosen now, by whomever.</returns>
    /// <exception cref="InvalidOperationException">Others kept writing the row: the step comes again.</exception>
    public async Task<DateOnly> MoveAsync(string partition, string row, DateOnly? from, DateOnly to, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var read = await _orders.GetEntityAsync<TableEntity>(partition, row, cancellationToken);
            if (read.Date(Column) is { } chosen && chosen != from)
                return chosen;
            try
            {
                await _orders.UpdateEntityAsync(
                    new TableEntity(partition, row) { [Column] = BusinessDay.Key(to) }, read.ETag, TableUpdateMode.Merge, cancellationToken);
                return to;
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
            {
                // A refund or an acknowledgement was written: read again.
            }
        }

        throw new InvalidOperationException($"The row {row} was written by others {MaxConflicts} times in a row.");
    }
}
