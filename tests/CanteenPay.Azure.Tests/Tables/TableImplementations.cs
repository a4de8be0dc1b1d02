using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class Azurite_keeps_the_table_contract(Azurite azurite) : TableClientContract
{
    protected override TableServiceClient Service { get; } = azurite.Service();
}

public sealed class Memory_keeps_the_table_contract : TableClientContract
{
    protected override TableServiceClient Service { get; } = new InMemoryTableService();
}

public sealed class Memory_with_pages_of_one_row_keeps_the_table_contract : TableClientContract
{
    protected override TableServiceClient Service { get; } = new InMemoryTableService { RowsScannedPerPage = 1 };
}

[Collection(AzuriteCollection.Name)]
public sealed class Azurite_keeps_the_transaction_contract(Azurite azurite) : TableTransactionContract
{
    protected override TableServiceClient Service { get; } = azurite.Service();
}

public sealed class Memory_keeps_the_transaction_contract : TableTransactionContract
{
    protected override TableServiceClient Service { get; } = new InMemoryTableService();
}
