using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Tests.Copies;
using CanteenPay.TableAdmin.Restoring;
using Spectre.Console;

namespace CanteenPay.TableAdmin.Tests.Restoring;

/// <summary>Tables with business, a copy of them in several slices and parts, and the command over both.</summary>
internal sealed class RestoreRig
{
    private readonly StringWriter _said = new();

    public CopyRig Copies { get; } = new();

    public InMemoryTableService Tables => Copies.Tables;

    /// <summary>What the command said, since the last time.</summary>
    public string Said
    {
        get
        {
            var text = _said.ToString();
            _said.GetStringBuilder().Clear();
            return text;
        }
    }

    public static async Task<RestoreRig> WithACopyAsync(int rows = 300)
    {
        var rig = new RestoreRig();
        await rig.Copies.FillAsync(11, rows, ["Orders", "Audit"]);
        await rig.Copies.CopyAsync();
        return rig;
    }

    /// <summary>Runs <c>restore 2026-11-23 …</c>, as it is typed.</summary>
    public Task<int> RunAsync(string arguments, InMemoryTableService? to = null, Func<string, string>? ask = null)
    {
        var options = RestoreOptions.Parse([.. $"{CopyRig.Night} {arguments} --from https://a.blob.core.windows.net --to https://a.table.core.windows.net".Split(' ')], _ => null);
        return RunAsync(options, to, ask);
    }

    public Task<int> RunAsync(RestoreOptions options, InMemoryTableService? to = null, Func<string, string>? ask = null)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_said), Interactive = InteractionSupport.No, Ansi = AnsiSupport.No });
        console.Profile.Width = int.MaxValue;
        return RestoreCommand.RunAsync(options, Copies.Files, to ?? Tables, console, ask, CancellationToken.None);
    }

    public Task<IReadOnlyList<string>> LinesAsync(string table, InMemoryTableService? account = null) => CopyRig.LinesAsync(account ?? Tables, table);

    public ValueTask<List<TableEntity>> RowsAsync(string table) => Tables.GetTableClient(table).QueryAsync<TableEntity>().ToListAsync();

    public Task DeleteAsync(string table, TableEntity row) => Tables.GetTableClient(table).DeleteEntityAsync(row.PartitionKey, row.RowKey);

    /// <summary>Writes a row as it is not.</summary>
    public async Task SpoilAsync(string table, TableEntity row, string column, object value)
    {
        var other = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var (name, was) in row)
            other[name] = was;
        other[column] = value;
        await Tables.GetTableClient(table).UpsertEntityAsync(other, TableUpdateMode.Replace);
    }
}
