using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>
/// Whose verification code is whose: table <c>Merchants</c>, partition <c>code-{code}</c>, row <c>taken</c>. Taking writes the row each time, also for the
/// merchant that has it, and a row is given back or taken over only as it was read: so of two who decide at once one fails.
/// </summary>
internal sealed class VerificationCodes(TableServiceClient tables, ApplicationStore store)
{
    private const string TakenRow = "taken";
    private const int MaxConflicts = 10;

    private readonly TableClient _merchants = tables.GetTableClient(ApplicationStore.Table);

    /// <summary>Takes a code for a merchant whose application lies with the bank; null when another has it.</summary>
    public async Task<CodeRow?> TryTakeAsync(string code, MerchantId merchant, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            var found = await ReadAsync(code, cancellationToken);
            if (found is not null && found.Merchant != merchant && !await IsAbandonedAsync(found, cancellationToken))
                return null;
            if (await TryWriteAsync(new(code, merchant), found, cancellationToken) is { } taken)
                return taken;
        }

        throw new InvalidOperationException($"The code of merchant {merchant} was written by others {MaxConflicts} times in a row.");
    }

    /// <summary>A code as a merchant has it; null when it does not.</summary>
    public async Task<CodeRow?> FindAsync(string code, MerchantId merchant, CancellationToken cancellationToken) =>
        await ReadAsync(code, cancellationToken) is { } found && found.Merchant == merchant ? found : null;

    /// <summary>Gives a code back, unless somebody took it since it was read.</summary>
    public async Task GiveBackAsync(CodeRow taken, CancellationToken cancellationToken)
    {
        try
        {
            await _merchants.DeleteEntityAsync(CodeRow.Partition(taken.Code), TakenRow, taken.Version, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.PreconditionFailed)
        {
            // It is somebody's again, or was given back before.
        }
    }

    /// <summary>Who took it did not get it: their application went on without it, or was given another. One that lies with the bank may be about to get it.</summary>
    private async Task<bool> IsAbandonedAsync(CodeRow row, CancellationToken cancellationToken) =>
        await store.FindAsync(row.Merchant, cancellationToken) is { } owner && owner.Code != row.Code && owner.State != MerchantState.WithBank;

    private Task<CodeRow?> ReadAsync(string code, CancellationToken cancellationToken) =>
        _merchants.GetEntityIfExistsAsync<CodeRow>(CodeRow.Partition(code), TakenRow, cancellationToken);

    private async Task<CodeRow?> TryWriteAsync(CodeRow row, CodeRow? inPlaceOf, CancellationToken cancellationToken)
    {
        try
        {
            var version = inPlaceOf is null
                ? await _merchants.AddEntityAsync(row, cancellationToken)
                : await _merchants.UpdateEntityAsync(row, inPlaceOf.Version, TableUpdateMode.Replace, cancellationToken);
            return row with { Version = version };
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>A code that is taken.</summary>
    /// <param name="Code">The code.</param>
    /// <param name="Merchant">Who has it.</param>
    /// <param name="Version">The version that was read or written.</param>
    internal sealed record CodeRow(string Code, MerchantId Merchant, ETag Version = default) : ITableEntity<CodeRow>
    {
        private const string Prefix = "code-";

        public static string Partition(string code) => Prefix + code;

        public TableEntity ToTableEntity() => new(Partition(Code), TakenRow) { ["MerchantId"] = Merchant.Value };

        public static CodeRow FromTableEntity(TableEntity row) => new(row.PartitionKey[Prefix.Length..], MerchantId.Parse(row.Text("MerchantId")), row.ETag);
    }
}
