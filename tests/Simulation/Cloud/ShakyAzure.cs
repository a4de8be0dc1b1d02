using Azure;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Merchants;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Cloud;

/// <summary>Azure in memory, whose every I/O takes time and may fail, lose its answer, or be its caller's last.</summary>
internal sealed class ShakyAzure
{
    private readonly Agenda agenda;
    private readonly Weather weather;
    private readonly Dictionary<(Type, ETag), object> understood = [];
    private bool isQuiet;

    public ShakyAzure(Agenda agenda, Life world, Weather weather)
    {
        (this.agenda, this.weather) = (agenda, weather);
        var time = new VirtualTime(agenda, world);
        Tables = new(time) { BeforeOperation = BeforeAsync, AfterOperation = AfterAsync };
        ServiceBus = new(time) { BeforeOperation = BeforeAsync, AfterOperation = AfterAsync };
        Broker = new() { BeforeOperation = BeforeAsync, AfterOperation = AfterAsync };
        Quietly(() => Seed().GetAwaiter().GetResult());
    }

    public InMemoryTableService Tables { get; }

    public InMemoryServiceBus ServiceBus { get; }

    public InMemoryEventGrid Broker { get; }

    /// <summary>Told of each I/O that took effect.</summary>
    public Action<string>? Happened { get; set; }

    /// <summary>Kills the process by whom an I/O was done.</summary>
    public Action<string>? Kill { get; set; }

    /// <summary>Looks at the tables without time or faults.</summary>
    public void Quietly(Action look) => Quietly(() =>
    {
        look();
        return true;
    });

    /// <summary>Looks at the tables without time or faults.</summary>
    public T Quietly<T>(Func<T> look)
    {
        var wasQuiet = isQuiet;
        isQuiet = true;
        try
        {
            return look();
        }
        finally
        {
            isQuiet = wasQuiet;
        }
    }

    /// <summary>Rows of a table, without time or faults.</summary>
    public IReadOnlyList<TableEntity> Rows(string table, string? filter = null) =>
        Quietly(() => Tables.GetTableClient(table).QueryAsync<TableEntity>(filter).ToBlockingEnumerable().ToList());

    /// <summary>A row as what it means; one that is looked at again and again is read once, because its version says that it is the same. One type is in one table.</summary>
    public T Understood<T>(TableEntity row)
        where T : class, ITableEntity<T>
    {
        if (!understood.TryGetValue((typeof(T), row.ETag), out var known))
            understood[(typeof(T), row.ETag)] = known = T.FromTableEntity(row);
        return (T)known;
    }

    private async Task BeforeAsync(string operation)
    {
        if (isQuiet)
            return;
        if (weather.Dice.Strikes(weather.Plan.SlowIo))
            await agenda.Acting!.DelayAsync(weather.Dice.Between(0.01, weather.Dice.OneOf(0.2, 3, 12)));
        if (weather.Dice.Strikes(weather.Plan.Busy))
            throw new RequestFailedException(503, $"{operation}: busy", "ServerBusy", null);
    }

    private async Task AfterAsync(string operation)
    {
        if (isQuiet)
            return;
        Happened?.Invoke(operation);
        if (weather.Dice.Strikes(weather.Plan.Killed))
        {
            Kill?.Invoke($"after {operation}");
            await new TaskCompletionSource().Task;
        }

        if (weather.Dice.Strikes(weather.Plan.SlowIo))
            await agenda.Acting!.DelayAsync(weather.Dice.Between(0.01, 0.2));
        if (weather.Dice.Strikes(weather.Plan.AnswerLost))
            throw new RequestFailedException(500, $"{operation}: answer lost", "InternalError", null);
    }

    private async Task Seed()
    {
        foreach (var table in (string[])["Orders", "OpenOrders", "Merchants", "Devices", "Parked", "Cards", "CardEntries", "OpenCards", "Postings", "DayIndex", "Settlements", "Shares"])
            await Tables.GetTableClient(table).CreateIfNotExistsAsync();
        foreach (var (device, merchant) in Canteen.Machines)
            await Tables.GetTableClient("Devices").AddEntityAsync(new DeviceProfile(device, merchant.Id, device.Value, IsActive: true));
        foreach (var merchant in (Merchant[])[Canteen.First, Canteen.Second])
            await Tables.GetTableClient("Merchants").AddEntityAsync(new MerchantProfile(merchant.Id, "示范食堂", "swiftpass", merchant.BankNo, IsActive: true));
    }
}
