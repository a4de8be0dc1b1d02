using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Homes;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Tests.Cards;
using CanteenPay.Protocol;
using Microsoft.Extensions.Configuration;

namespace CanteenPay.Functions.Tests.Homes;

/// <summary>A merchant's books lie in the account that the settings name, and nowhere else.</summary>
public sealed class HomesTests : IDisposable
{
    internal static readonly IReadOnlyDictionary<MerchantId, string> Main = new Dictionary<MerchantId, string>();
    internal static readonly IReadOnlyDictionary<MerchantId, string> Other = new Dictionary<MerchantId, string> { [World.Merchant] = "other" };

    private readonly World _world = new(homes: Other);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task All_books_of_a_merchant_lie_where_it_lives_and_of_others_in_the_main_account()
    {
        await LivesElsewhereAsync(_world);

        var order = await PaidAsync(_world);
        var journal = new Journal();
        journal.Tap(await _world.OpenAccountAsync("ACC0VNT1", 100_00), 12_50);
        await _world.CardsSayAsync(journal.Batch());
        await _world.OpenAccountAsync("ACC0VNT2", 50_00, "0A0B0C0E", merchant: World.OtherMerchant);

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Paid);
        _world.LastAck().Through.ShouldBe(1);
        foreach (var book in HomedTables.Books)
        {
            (await RowsAsync(_world.Elsewhere, book)).ShouldNotBeEmpty(book);
            (await RowsAsync(_world.Tables, book)).ShouldAllBe(row => row.PartitionKey.StartsWith(World.OtherMerchant.Value, StringComparison.Ordinal), book);
        }

        (await RowsAsync(_world.Tables, "Cards")).ShouldHaveSingleItem();
        (await RowsAsync(_world.Tables, "DayIndex")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_merchant_that_was_moved_away_is_refused_where_it_lived_when_its_setting_is_lost_and_nothing_is_written()
    {
        using var lost = new World(homes: Main);
        await lost.Tables.GetTableClient("Cards").AddEntityAsync(new HomeMark(World.Merchant, "other", IsHere: false, World.Noon));

        var request = World.Request();
        await lost.DeviceSaysAsync(request);

        lost.Failures.ShouldNotBeEmpty();
        lost.Failures.ShouldAllBe(failure => failure is HomeException);
        lost.Failures[0].Message.ShouldSatisfyAllConditions(
            said => said.ShouldContain(World.Merchant.Value), said => said.ShouldContain("'other'"), said => said.ShouldContain($"Tables:Homes:{World.Merchant} is missing"));
        (await RowsAsync(lost.Tables, "Orders")).ShouldBeEmpty();
        lost.Log.ShouldContain(line => line.Contains("1901", StringComparison.Ordinal) || line.Contains("are not opened", StringComparison.Ordinal));
        await lost.OpenAccountAsync("ACC0VNT2", 50_00, merchant: World.OtherMerchant);
    }

    [Fact]
    public async Task An_account_that_does_not_say_that_a_merchant_lives_there_opens_no_second_ledger()
    {
        await _world.DeviceSaysAsync(World.Request());

        _world.Failures.ShouldAllBe(failure => failure is HomeException);
        (await RowsAsync(_world.Elsewhere, "Orders")).ShouldBeEmpty();
        (await RowsAsync(_world.Tables, "Orders")).ShouldBeEmpty();

        await LivesElsewhereAsync(_world);
        await _world.ShowQrAsync();
    }

    [Fact]
    public async Task The_mark_is_read_once_by_a_process()
    {
        await LivesElsewhereAsync(_world);
        var reads = 0;
        _world.Elsewhere.BeforeOperation = operation =>
        {
            if (operation.EndsWith($"/{HomeMark.Row}", StringComparison.Ordinal))
                reads++;
            return Task.CompletedTask;
        };

        await PaidAsync(_world);
        await PaidAsync(_world);

        reads.ShouldBe(1);
    }

    [Fact]
    public async Task A_query_that_names_no_merchant_is_refused_before_it_is_asked()
    {
        var orders = _world.Get<TableServiceClient>().GetTableClient("Orders");

        foreach (var filter in new[] { null, "", "RowKey eq 'x'", "PartitionKey lt 'DEVMERCH'" })
            await Should.ThrowAsync<InvalidOperationException>(() => orders.QueryAsync<TableEntity>(filter).ToListAsync().AsTask());
    }

    [Theory]
    [InlineData("Tables:Homes:DEVMERCH", "east", "Tables:Accounts:east")]
    [InlineData("Tables:Homes:DEVMERCH", "", "Tables:Homes:DEVMERCH")]
    [InlineData("Tables:Homes:nobody", "main", "Tables:Homes:nobody")]
    [InlineData("Tables:Accounts:main", "https://a.table.core.windows.net", "Tables:Accounts:main")]
    [InlineData("Tables:Accounts:East2", "https://a.table.core.windows.net", "Tables:Accounts:East2")]
    [InlineData("Tables:Accounts:east", "http://a.table.core.windows.net", "Tables:Accounts:east")]
    [InlineData("Tables:Accounts:east", "", "Tables:Accounts:east")]
    public void A_setting_that_names_no_home_is_named_at_the_start(string name, string value, string named)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();

        Should.Throw<SettingException>(() => MerchantHomes.Read(settings, MerchantHomes.ReadAccounts(settings, new InMemoryTableService(), new(() => throw new InvalidOperationException()))))
            .Message.ShouldContain(named);
    }

    [Fact]
    public async Task Readiness_asks_every_account_and_names_the_one_that_is_silent()
    {
        var readiness = _world.Get<Readiness>();
        (await readiness.SilentAsync(default)).ShouldBeEmpty();

        _world.Elsewhere.BeforeOperation = _ => throw new global::Azure.RequestFailedException(503, "busy", "ServerBusy", null);

        (await readiness.SilentAsync(default)).ShouldBe(["other"]);
    }

    /// <summary>As the end of a move leaves it.</summary>
    internal static Task LivesElsewhereAsync(World world) =>
        world.Elsewhere.GetTableClient("Cards").UpsertEntityAsync(new HomeMark(World.Merchant, "other", IsHere: true, World.Noon), TableUpdateMode.Replace);

    internal static async Task<OrderId> PaidAsync(World world)
    {
        var request = World.Request(at: world.Clock.GetUtcNow());
        await world.DeviceSaysAsync(request);
        world.Bank.Pay(request.OrderId);
        await world.PassAsync(TimeSpan.FromSeconds(10));
        return request.OrderId;
    }

    internal static async Task<IReadOnlyList<TableEntity>> RowsAsync(TableServiceClient account, string table) =>
        await account.GetTableClient(table).QueryAsync<TableEntity>().Where(row => row.RowKey != HomeMark.Row).ToListAsync();
}
