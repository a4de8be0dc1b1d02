using System.Text;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Sealing;

/// <summary>Each merchant has one key, made once, and gone for good when it is forgotten.</summary>
public sealed class MerchantKeysTests : IAsyncLifetime, IDisposable
{
    private const string Purpose = "p";

    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("11010519491231002X");

    private readonly FakeClock _clock = new(World.Noon);
    private readonly InMemoryTableService _tables = new();
    private readonly KeyInMemory _vault = new();
    private readonly MerchantKeys _keys;

    public MerchantKeysTests() => _keys = new(_tables, _vault, _clock);

    public Task InitializeAsync() => _tables.GetTableClient("Merchants").CreateIfNotExistsAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task What_one_process_seals_another_opens()
    {
        var sealedBytes = (await _keys.OfAsync(Merchant, default)).Seal(Plain, Purpose);

        using var other = new MerchantKeys(_tables, _vault, _clock);
        (await other.OfAsync(Merchant, default)).Open(sealedBytes, Purpose).ShouldBe(Plain);
    }

    [Fact]
    public async Task Who_asks_first_at_once_gets_the_same_key_as_all_others()
    {
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var process = new MerchantKeys(_tables, _vault, _clock);
            return await process.OfAsync(Merchant, default);
        }));

        var sealedBytes = asked[0].Seal(Plain, Purpose);
        asked.ShouldAllBe(key => key.Open(sealedBytes, Purpose).SequenceEqual(Plain));
    }

    [Fact]
    public async Task Looking_for_a_key_makes_none()
    {
        (await _keys.FindAsync(Merchant, default)).ShouldBeNull();

        (await RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_forgotten_key_is_forgotten_at_once_also_where_it_was_in_use()
    {
        using var other = new MerchantKeys(_tables, _vault, _clock);
        var sealedBytes = (await other.OfAsync(Merchant, default)).Seal(Plain, Purpose);
        (await other.FindAsync(Merchant, default)).ShouldNotBeNull();

        await _keys.ForgetAsync(Merchant, default);
        await _keys.ForgetAsync(Merchant, default);

        (await other.FindAsync(Merchant, default)).ShouldBeNull();
        var anew = await other.OfAsync(Merchant, default);
        Should.Throw<SealException>(() => anew.Open(sealedBytes, Purpose));
    }

    [Fact]
    public async Task Merchants_have_keys_of_their_own()
    {
        var sealedBytes = (await _keys.OfAsync(Merchant, default)).Seal(Plain, Purpose);

        Should.Throw<SealException>(() => _keys.OfAsync(MerchantId.Parse("0THERMER"), default).Result.Open(sealedBytes, Purpose));
        _vault.Wrapped.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_is_moved_to_another_merchant_opens_nothing_of_the_first()
    {
        var other = MerchantId.Parse("0THERMER");
        var sealedBytes = (await _keys.OfAsync(Merchant, default)).Seal(Plain, Purpose);
        var row = (await RowsAsync()).ShouldHaveSingleItem();
        await _tables.GetTableClient("Merchants").AddEntityAsync(new DataKeyRow(other, DataKeyRow.FromTableEntity(row).Wrapped));

        var moved = (await _keys.FindAsync(other, default)).ShouldNotBeNull();

        Should.Throw<SealException>(() => moved.Open(sealedBytes, Purpose));
    }

    [Fact]
    public async Task The_vault_is_asked_once_in_ten_minutes()
    {
        await _keys.OfAsync(Merchant, default);
        for (var time = 0; time < 5; time++)
            await _keys.OfAsync(Merchant, default);
        _vault.Unwrapped.ShouldBe(1);

        _clock.MoveTo(World.Noon.AddMinutes(11));
        await _keys.OfAsync(Merchant, default);

        _vault.Unwrapped.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_whose_answer_was_lost_is_found_the_next_time()
    {
        _tables.AfterOperation = operation => operation.Contains(".Add", StringComparison.Ordinal) ? throw new Killed(operation) : Task.CompletedTask;
        await Should.ThrowAsync<Killed>(() => _keys.OfAsync(Merchant, default));
        _tables.AfterOperation = null;

        var key = await _keys.OfAsync(Merchant, default);

        key.Open((await _keys.OfAsync(Merchant, default)).Seal(Plain, Purpose), Purpose).ShouldBe(Plain);
        _vault.Wrapped.ShouldBe(1);
    }

    private async Task<List<TableEntity>> RowsAsync() => await _tables.GetTableClient("Merchants").QueryAsync<TableEntity>().ToListAsync();
}
