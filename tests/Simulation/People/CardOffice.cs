using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.Stories;

namespace CanteenPay.Simulation.People;

/// <summary>Those who sell, load, block and take back staff cards at one merchant; each wish is asked for under its key until it is answered, by one or two of them.</summary>
/// <param name="stage">The stage.</param>
/// <param name="merchant">Whose office.</param>
internal sealed class CardOffice(Stage stage, Merchant merchant)
{
    private const int MostTries = 40;

    private readonly List<Holder> holders = [];
    private readonly List<Wish> wishes = [];
    private readonly List<Wish> lost = [];

    /// <summary>Whose office.</summary>
    public MerchantId Merchant => merchant.Id;

    /// <summary>Everybody with a card.</summary>
    public IReadOnlyList<Holder> Holders => holders;

    /// <summary>All that was wanted.</summary>
    public IReadOnlyList<Wish> Wishes => wishes;

    /// <summary>A card that somebody presents: hardly ever one that was replaced.</summary>
    public CardNo? AnyCard()
    {
        if (holders.Count == 0)
            return null;
        var holder = holders[stage.Dice.Next(holders.Count)];
        return holder.OldCards is [.., var old] && stage.Dice.Strikes(0.1) ? old : holder.Card;
    }

    /// <summary>Before the story: some accounts with money, without time or faults.</summary>
    public async Task PrepareAsync(CloudApp app, int accounts)
    {
        for (var number = 0; number < accounts; number++)
        {
            var open = Make(default, NewAccount());
            await AskAsync(app, open);
            var account = holders[^1].Account;
            await AskAsync(app, Make(account, new TopUp(new(1 + stage.Dice.Next(100_00)))));
            if (stage.Dice.Strikes(0.6))
                await AskAsync(app, Make(account, Grant()));
        }
    }

    /// <summary>Works until then.</summary>
    public async Task WorkAsync(DateTimeOffset until)
    {
        while (stage.Agenda.Now < until)
        {
            await stage.World.DelayAsync(stage.Dice.Between(1, stage.Dice.OneOf(10.0, 60)));
            if (holders.Count > 0 && Think() is { } wish)
                Want(wish);
        }
    }

    /// <summary>What was done of these wishes is gone.</summary>
    public void Forget(Func<Wish, bool> isGone)
    {
        foreach (var wish in wishes.Where(wish => wish.IsAnswered && isGone(wish)))
        {
            wish.Answers.Clear();
            lost.Add(wish);
        }
    }

    /// <summary>Asks again for what is gone, one after the other, under its keys.</summary>
    public async Task RepeatAsync()
    {
        foreach (var wish in lost)
        {
            stage.Trace?.Say("office", $"repeats {wish.Operation} of {wish.Account}, {wish.Key}");
            await InsistAsync(wish);
        }
    }

    private void Want(Wish wish)
    {
        stage.Trace?.Say("office", $"wants {wish.Operation} of {wish.Account}, {wish.Key}");
        for (var clerk = 0; clerk < stage.Dice.OneOf(1, 1, 1, 2); clerk++)
            stage.World.Start(() => InsistAsync(wish));
    }

    /// <summary>Asks again under the same key until there is an answer.</summary>
    private async Task InsistAsync(Wish wish)
    {
        var answers = 0;
        for (var tries = 0; tries < MostTries && answers == 0; tries++)
        {
            stage.Host.Request(async app =>
            {
                try
                {
                    await AskAsync(app, wish);
                    answers++;
                }
#pragma warning disable CA1031 // The front door answers 500.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    stage.Trace?.Say("office", $"is not answered, {wish.Key}: {e.Message}");
                }
            });
            await stage.World.DelayAsync(stage.Dice.Between(2, 20));
        }
    }

    private async Task AskAsync(CloudApp app, Wish wish)
    {
        var key = stage.Sabotage == Sabotage.KeysAreIgnored && wish.Asked++ > 0 ? $"wish-{stage.Dice.Draw(8)}" : wish.Key;
        var progress = await app.OperateAsync(wish.Merchant, key, wish.Account, wish.Operation);
        if (progress is null)
        {
            stage.Verdict.Fail(CardReckoning.Keys, $"{wish.Key} was taken for another operation");
            return;
        }

        stage.Trace?.Say("office", $"{wish.Key} is answered: {progress.Refused?.Message ?? (progress.Waits.Count > 0 ? string.Join(" ", progress.Waits) : "done")}");
        wish.Answers.Add(progress);
        if (wish.Answers.Count == 1 && progress.Refused is null)
            Handed(wish, progress.Row.Account);
    }

    /// <summary>What people have in hand now, or know.</summary>
    private void Handed(Wish wish, AccountId account)
    {
        switch (wish.Operation)
        {
            case OpenAccount open:
                holders.Add(new(merchant.Id, account, open.Card));
                break;
            case ReplaceCard replace when holders.FindIndex(holder => holder.Account == account) is >= 0 and var index:
                holders[index] = holders[index] with { Card = replace.NewCard, OldCards = [.. holders[index].OldCards, replace.Card] };
                break;
            case CloseAccount:
                wish.RowsBefore = Books().Tapped.Select(row => row.RowKey).ToHashSet(StringComparer.Ordinal);
                break;
            default:
                break;
        }
    }

    private Wish? Think()
    {
        var dice = stage.Dice;
        var holder = holders[dice.Next(holders.Count)];
        CardOperation? operation = dice.Next(100) switch
        {
            < 30 => new TopUp(new(dice.OneOf(1, 500, 20_00, 100_00))),
            < 48 => Grant(),
            < 54 => new ReportLost(holder.Card),
            < 65 => new ReportFound(holder.Card),
            < 71 => new ReplaceCard(holder.Card, NewCard()),
            < 76 => new CloseAccount(dice.OneOf<Fen?>(null, null, new Fen(0), new Fen(5_00), new Fen(200_00))),
            < 83 => Expire(holder),
            < 90 => ReverseTap(holder),
            < 95 => ReverseMoney(holder),
            _ => NewAccount(),
        };
        return operation is null ? null : Make(operation is OpenAccount ? default : holder.Account, operation);
    }

    private Wish Make(AccountId account, CardOperation operation)
    {
        var wish = new Wish(merchant.Id, $"wish-{stage.Dice.Draw(8)}", operation is OpenAccount ? AccountId.New(stage.Dice.Draw) : account, operation);
        wishes.Add(wish);
        return wish;
    }

    private CardNo NewCard() => CardNo.Parse($"04{stage.Dice.Next(1 << 24):X6}");

    private OpenAccount NewAccount() => new(NewCard(), stage.Dice.OneOf(CardStoryRules.Staff, CardStoryRules.Guest), "王小明", Department: null);

    private GrantSubsidy Grant()
    {
        var today = BusinessDay.Of(stage.Agenda.Now);
        return new(new(stage.Dice.OneOf(1_00, 10_00, 50_00)), stage.Dice.OneOf<DateOnly?>(null, today, today.AddDays(1), today.AddDays(-1)));
    }

    private ExpireLot? Expire(Holder holder) =>
        Books().Accounts.FirstOrDefault(account => account.AccountId == holder.Account)?.Purses.Where(lot => lot.Kind == Purse.Subsidy).ToList() is { Count: > 0 } lots
            ? new(lots[stage.Dice.Next(lots.Count)].Lot)
            : null;

    private ReverseTap? ReverseTap(Holder holder) =>
        Books().Tapped.Where(row => row.Entry.AccountId == holder.Account).Select(row => row).ToList() is { Count: > 0 } rows
            ? TapOf(rows[stage.Dice.Next(rows.Count)])
            : null;

    private static ReverseTap TapOf(LedgerRow row)
    {
        var key = row.RowKey.Split('-');
        return new(row.Entry.PostingDay, DeviceId.Parse(key[0]), Epoch.Parse(key[1]), row.Entry.Tapped!.Seq);
    }

    private ReverseOperation? ReverseMoney(Holder holder) =>
        Books().Moved.SelectMany(moved => moved.Entries)
            .Where(entry => entry.AccountId == holder.Account && entry.Kind is LedgerKind.TopUp or LedgerKind.Subsidy).ToList() is { Count: > 0 } entries
            ? new(entries[stage.Dice.Next(entries.Count)].Operation!)
            : null;

    private CardBooks Books() => CardBooks.Of(stage.Azure, merchant.Id);
}
