using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>The applications: table <c>Merchants</c>, partition = merchant, row <c>application</c>, and the steps beside it.</summary>
internal sealed class ApplicationStore(TableServiceClient tables, RegistryCache cache) : IApplications
{
    /// <summary>The table.</summary>
    public const string Table = "Merchants";

    /// <summary>Row of an application.</summary>
    public const string ApplicationRowKey = "application";

    private readonly TableClient _merchants = tables.GetTableClient(Table);

    /// <summary>Who filed a merchant's application, at most <see cref="RegistryCache.Freshness"/> old; null when nobody did. It never changes.</summary>
    public async Task<DistributorId?> DistributorOfAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        (await cache.GetAsync($"application-{merchant}", () => _merchants.GetEntityIfExistsAsync<Filed>(merchant.Value, ApplicationRowKey, cancellationToken), remembersAbsence: true))
            ?.Distributor;

    /// <summary>
    /// Whether somebody may read what distributors and we earn by a merchant, and what its service costs its distributor: not the merchant's own people, whatever
    /// else they are.
    /// </summary>
    public async Task<bool> MayReadEarningsAsync(Caller caller, MerchantId merchant, CancellationToken cancellationToken) =>
        caller.IsAny([Role.Operator, Role.Finance])
        || (caller.Is(Role.Distributor) && await DistributorOfAsync(merchant, cancellationToken) is { } distributor && caller.Scope.Distributors.Contains(distributor));

    /// <inheritdoc/>
    public async Task<bool> CanEditAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        await _merchants.GetEntityIfExistsAsync<Filed>(merchant.Value, ApplicationRowKey, cancellationToken) is { State: { } state } && state.IsEditable();

    /// <summary>An application; null when there is none.</summary>
    public Task<ApplicationRow?> FindAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        _merchants.GetEntityIfExistsAsync<ApplicationRow>(merchant.Value, ApplicationRowKey, cancellationToken);

    /// <summary>All applications, or those in a state. Looks at every row there is: for lists of operators and for the night.</summary>
    public IAsyncEnumerable<ApplicationRow> ListAsync(MerchantState? state, CancellationToken cancellationToken)
    {
        var row = ApplicationRowKey;
        return _merchants.QueryAsync<ApplicationRow>(
            state is { } wanted && wanted.Name() is var name
                ? TableClient.CreateQueryFilter($"RowKey eq {row} and State eq {name}")
                : TableClient.CreateQueryFilter($"RowKey eq {row}"),
            cancellationToken: cancellationToken);
    }

    /// <summary>The steps of a merchant, in order.</summary>
    public IAsyncEnumerable<StepRow> StepsAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        _merchants.QueryAsync<StepRow>(MerchantKeyRange.Filter(merchant.Value, StepRow.Prefix), cancellationToken: cancellationToken);

    /// <summary>Files an application unless it is there; what is there then.</summary>
    public async Task<ApplicationRow> InsertAsync(ApplicationRow row, Person by, CancellationToken cancellationToken)
    {
        var filed = row with { Steps = 1 };
        var first = new StepRow(row.Merchant, 1, row.FiledAt, by, From: null, row.State, row.Reasons);
        if (await new MerchantTransaction().Insert(filed).Insert(first).TryWriteAsync(_merchants, cancellationToken) is [var version, _])
            return filed with { Version = version };
        return await FindAsync(row.Merchant, cancellationToken)
            ?? throw new InvalidOperationException($"The application of merchant {row.Merchant} was there and is gone: applications are never deleted.");
    }

    /// <summary>Changes an application without a step; null when somebody else changed it since it was read.</summary>
    public async Task<ApplicationRow?> TryUpdateAsync(ApplicationRow next, CancellationToken cancellationToken) =>
        await new MerchantTransaction().Replace(next, next.Version).TryWriteAsync(_merchants, cancellationToken) is [var version]
            ? next with { Version = version }
            : null;

    /// <summary>Lets a merchant go to another state, notes the step and writes what belongs to it, all or nothing; null when somebody else changed something.</summary>
    /// <param name="read">As it was read.</param>
    /// <param name="next">What becomes of it: its state, reasons and whatever else.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="now">When.</param>
    /// <param name="beside">Adds what else is written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ApplicationRow?> TryMoveAsync(
        ApplicationRow read, ApplicationRow next, Person by, DateTimeOffset now, Action<MerchantTransaction>? beside, CancellationToken cancellationToken)
    {
        var moved = next with { Number = read.Number + 1, Steps = read.Steps + 1, MovedAt = now };
        var transaction = new MerchantTransaction()
            .Replace(moved, read.Version)
            .Insert(new StepRow(read.Merchant, moved.Steps, now, by, read.State, moved.State, moved.Reasons));
        beside?.Invoke(transaction);
        return await transaction.TryWriteAsync(_merchants, cancellationToken) is { } versions ? moved with { Version = versions[0] } : null;
    }

    /// <summary>Takes the reasons away from the steps of a merchant: people write what they like into them.</summary>
    public async Task ForgetReasonsAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        await foreach (var step in StepsAsync(merchant, cancellationToken))
        {
            if (step.Reasons.Count > 0)
                await _merchants.UpsertEntityAsync(step with { Reasons = new Dictionary<string, string>() }, TableUpdateMode.Replace, cancellationToken);
        }
    }

    /// <summary>What of an application the others ask for.</summary>
    private sealed record Filed(MerchantId Merchant, DistributorId Distributor, MerchantState? State) : ITableEntity<Filed>
    {
        public TableEntity ToTableEntity() => new(Merchant.Value, ApplicationRowKey) { ["DistributorId"] = Distributor.Value };

        public static Filed FromTableEntity(TableEntity row) => new(
            MerchantId.Parse(row.PartitionKey), DistributorId.Parse(row.Text("DistributorId")), MerchantStates.Parse(row.GetString("State")));
    }
}
