using System.Diagnostics;
using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Homes;
using CanteenPay.Protocol;
using CanteenPay.TableAdmin.Moving;
using Spectre.Console;
using Xunit.Abstractions;

namespace CanteenPay.TableAdmin.Tests.Moving;

/// <summary>The command over two accounts of a real table service. With MOVED_ROWS in the environment so many rows of each table, and how fast it went.</summary>
public sealed class Moved_on_real_storage(Azurite azurite, ITestOutputHelper output) : IClassFixture<Azurite>
{
    private const string From = "CANTEENPAY_TEST_ACCOUNT_ONE", To = "CANTEENPAY_TEST_ACCOUNT_TWO";

    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");
    private static readonly int Rows = int.Parse(Environment.GetEnvironmentVariable("MOVED_ROWS") ?? "300", CultureInfo.InvariantCulture);

    private readonly StringWriter _said = new();

    [Fact]
    public async Task A_merchants_books_are_moved_by_the_command_and_the_app_finds_them_there()
    {
        TableServiceClient one = new(azurite.Account("one")), two = new(azurite.Account("two"));
        (Environment.GetEnvironmentVariable(From), Environment.GetEnvironmentVariable(To)).ShouldBe((null, null));
        Environment.SetEnvironmentVariable(From, azurite.Account("one"));
        Environment.SetEnvironmentVariable(To, azurite.Account("two"));
        foreach (var book in HomedTables.Books)
        {
            await two.GetTableClient(book).CreateIfNotExistsAsync();
            await FillAsync(one.GetTableClient(book), book == "Cards");
        }

        var watch = Stopwatch.StartNew();
        await RunAsync();
        Said($"copied {Rows * HomedTables.Books.Count} rows", watch);
        await one.GetTableClient("Orders").DeleteEntityAsync($"{Merchant}-20261122", "row-0000000");
        await one.GetTableClient("Orders").UpsertEntityAsync(new TableEntity($"{Merchant}-20261122", "row-0000001") { ["Amount"] = 7L }, TableUpdateMode.Replace);
        watch.Restart();
        await RunAsync("--switch");
        Said("switched", watch);

        foreach (var book in HomedTables.Books)
            (await LinesAsync(two, book)).ShouldBe(await LinesAsync(one, book), book);
        (await LinesAsync(two, "Orders")).Count.ShouldBe(Rows - 1);
        (await two.GetTableClient("Cards").GetEntityAsync<HomeMark>(Merchant.Value, HomeMark.Row)).IsHere.ShouldBeTrue();
        (await one.GetTableClient("Cards").GetEntityAsync<HomeMark>(Merchant.Value, HomeMark.Row)).ShouldSatisfyAllConditions(
            mark => mark.IsHere.ShouldBeFalse(), mark => mark.LivesIn.ShouldBe("east"));
        _said.ToString().ShouldContain("Tables__Homes__DEVMERCH=east");
    }

    [Theory]
    [InlineData("move")]
    [InlineData("DEVMERCH", "--from", "a", "--to", "b")]
    [InlineData("nobody", "--from", "https://a.example.com", "--to", "https://b.example.com", "--name", "b")]
    [InlineData("DEVMERCH", "--from", "https://a.example.com", "--to", "https://a.example.com", "--name", "b")]
    [InlineData("DEVMERCH", "--from", "NO_SUCH_VARIABLE", "--to", "https://b.example.com", "--name", "b")]
    [InlineData("DEVMERCH", "--from", "https://a.example.com", "--to", "https://b.example.com", "--name", "b", "--sure")]
    public async Task What_cannot_be_done_is_said_before_anything_is(params string[] arguments) =>
        await Should.ThrowAsync<AdminException>(() => MoveCommand.RunAsync(arguments, new NoIdentity(), Console(), TimeProvider.System, default));

    private Task RunAsync(params string[] more) => MoveCommand.RunAsync(
        [Merchant.Value, "--from", From, "--to", To, "--name", "east", .. more], new NoIdentity(), Console(), new Hurried(), default);

    private IAnsiConsole Console() => AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_said) });

    private void Said(string what, Stopwatch watch) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} in {watch.Elapsed.TotalSeconds:F2} s, {Rows * HomedTables.Books.Count / watch.Elapsed.TotalSeconds:N0} rows/s"));

    private static async Task FillAsync(TableClient table, bool isOnePartition)
    {
        await table.CreateIfNotExistsAsync();
        foreach (var some in Enumerable.Range(0, Rows).Chunk(100))
        {
            await table.SubmitTransactionAsync(some.Select(number => new TableTransactionAction(
                TableTransactionActionType.Add,
                new TableEntity(isOnePartition ? Merchant.Value : $"{Merchant}-20261122", string.Create(CultureInfo.InvariantCulture, $"row-{number:D7}"))
                {
                    ["Amount"] = 1250L,
                    ["At"] = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero),
                    ["Name"] = "示范食堂",
                })));
        }
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(TableServiceClient account, string table) => await account.GetTableClient(table).QueryAsync<TableEntity>()
        .Where(row => row.RowKey != HomeMark.Row).Select(row => System.Text.Encoding.UTF8.GetString(RowText.Write(row))).ToListAsync();

    /// <summary>A clock on which a pause takes no time.</summary>
    private sealed class Hurried : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }

    private sealed class NoIdentity : global::Azure.Core.TokenCredential
    {
        public override global::Azure.Core.AccessToken GetToken(global::Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public override ValueTask<global::Azure.Core.AccessToken> GetTokenAsync(global::Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new InvalidOperationException();
    }
}
