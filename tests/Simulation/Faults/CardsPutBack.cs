using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.People;

namespace CanteenPay.Simulation.Faults;

/// <summary>
/// A merchant's rows of <c>Cards</c> are copied at one moment of the story and put back at a later one, as after the loss of a table: everything else is as new as it was.
/// An operator says so to the product and the office repeats what it wanted meanwhile, as the runbook has it.
/// </summary>
/// <param name="stage">The stage.</param>
/// <param name="office">Whose rows.</param>
/// <param name="watch">Looks away until all has been repeated: by then balances are those of another hour.</param>
internal sealed class CardsPutBack(Stage stage, CardOffice office, CardWatch watch)
{
    private const int MostCalls = 60;

    private IReadOnlyList<TableEntity> copy = [];

    /// <summary>It has happened.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Lets it happen within the time in which people are served, or a little later.</summary>
    public void Begin(DateTimeOffset servedUntil)
    {
        var copied = stage.Agenda.Now + ((servedUntil - stage.Agenda.Now) * stage.Dice.NextDouble());
        stage.Agenda.After(copied - stage.Agenda.Now, stage.World, () => copy = Rows());
        stage.Agenda.After(copied - stage.Agenda.Now + stage.Dice.Between(1, stage.Dice.OneOf(10, 40, 150)), stage.World, PutBack);
    }

    private IReadOnlyList<TableEntity> Rows() => stage.Azure.Rows(CardKeys.Cards, $"PartitionKey eq '{office.Merchant}'");

    /// <summary>Nobody writes meanwhile: the app is stopped.</summary>
    private void PutBack()
    {
        stage.Host.Kill("so that rows can be put back");
        watch.LooksAway = IsDone = true;
        stage.Trace?.Say("operator", $"puts {copy.Count} rows of {office.Merchant} back, there were {Rows().Count}");
        stage.Azure.Quietly(() =>
        {
            var table = stage.Azure.Tables.GetTableClient(CardKeys.Cards);
            foreach (var row in Rows())
                table.DeleteEntityAsync(row.PartitionKey, row.RowKey).GetAwaiter().GetResult();
            foreach (var row in copy)
                table.AddEntityAsync(row).GetAwaiter().GetResult();
        });
        var steps = copy.Select(row => row.RowKey).ToHashSet(StringComparer.Ordinal);
        office.Forget(wish => !steps.Contains(CardKeys.Moved(wish.Key, 0)));
        stage.World.Start(BringTogetherAsync);
    }

    private async Task BringTogetherAsync()
    {
        var isDone = stage.Sabotage == Sabotage.NobodySaysThatRowsWerePutBack;
        for (var calls = 0; calls < MostCalls && !isDone; calls++)
        {
            await stage.World.DelayAsync(stage.Dice.Between(5, 15));
            stage.Timer("the call after the restore", async app => isDone |= await app.RestoredAsync(office.Merchant));
        }

        await office.RepeatAsync();
        watch.LooksAway = false;
    }
}
