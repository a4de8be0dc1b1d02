using System.Globalization;
using System.Text;
using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Settlement;
using CanteenPay.Functions.Settlement.Closing;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests;

/// <summary>Settlement.</summary>
internal sealed partial class World
{
    /// <summary>The settlement date of most tests; the world begins at its noon.</summary>
    public static DateOnly Today => BusinessDay.Of(Noon);

    /// <summary>Who closes days.</summary>
    public static Person Finance { get; } = new("finance", "钱财务");

    /// <summary>What says when, which no two runs have alike.</summary>
    private static readonly HashSet<string> Times = new(StringComparer.Ordinal) { "MadeAt", "PostedAt", "FailedAt", "ClosedAt" };

    private int _orders, _cardLines;

    public StatementStore Statements => Get<StatementStore>();

    public DayIndex DayIndex => Get<DayIndex>();

    /// <summary>Terms that hold for a merchant from long ago.</summary>
    public Task TermsAsync(MerchantId merchant, int rate, int bank, params FeeShare[] shares) => Tables.GetTableClient("Merchants").UpsertEntityAsync(
        new RateRow(merchant, Today.AddDays(-90), new(rate, bank, shares), Noon.AddDays(-91), new("operator", "周运营")), TableUpdateMode.Replace);

    /// <summary>A payment that was confirmed on a settlement date.</summary>
    public Posting Paid(MerchantId merchant, DateOnly day, long fen, int rate = 60, int bank = 20)
    {
        var number = (++_orders).ToString("D10", CultureInfo.InvariantCulture);
        var order = OrderId.New(day, merchant, Machine, length => number[^length..]);
        return new()
        {
            Key = PostingKeys.OfPayment(order),
            Kind = PostingKind.Payment,
            Order = order,
            Amount = new(fen),
            At = new(day, new TimeOnly(12, 0), BusinessDay.Offset),
            EventDay = day,
            PaidDay = day,
            RateBasisPoints = rate,
            BankCostBasisPoints = bank,
        };
    }

    /// <summary>The first refund of a payment, on the payment's date or a later one.</summary>
    public static Posting Returned(Posting paid, DateOnly day, long fen) => paid with
    {
        Key = $"refund-{paid.Order}.r1",
        Kind = PostingKind.Refund,
        Refund = 1,
        Amount = new(fen),
        At = new(day, new TimeOnly(13, 0), BusinessDay.Offset),
        EventDay = day,
        Before = new(paid.Amount, Fen.Zero, Fen.Zero, Fen.Zero),
    };

    /// <summary>A line of a merchant's card ledger: somebody paid in.</summary>
    public Task CardLineAsync(MerchantId merchant, DateOnly day, long fen) => Tables.GetTableClient("CardEntries").AddEntityAsync(
        new LedgerRow(merchant, string.Create(CultureInfo.InvariantCulture, $"cloud-topup.{_cardLines++}"), new()
        {
            AccountId = AccountId.Parse("A0000001"),
            Kind = LedgerKind.TopUp,
            Purse = Purse.Cash,
            Lot = PurseLot.Cash,
            Amount = new(fen),
            BalanceAfter = new(fen),
            At = Noon,
            PostingDay = day,
            Operation = "topup",
        }));

    /// <summary>Posts events of a date, as payments do; one that comes when the date's night is near marks its merchant.</summary>
    public async Task PostAsync(MerchantId merchant, DateOnly day, params Posting[] postings)
    {
        await DayIndex.NoteAsync(day, merchant, CancellationToken.None);
        var isBelated = Clock.GetUtcNow() >= DayHours.BelatedFrom(day);
        foreach (var posting in postings)
            await Get<PostingStore>().InsertAsync(new(merchant, day, posting with { IsBelated = isBelated }), CancellationToken.None);
        if (isBelated)
            await DayIndex.MarkDueAsync(day, merchant, CancellationToken.None);
    }

    /// <summary>From when on a date can be settled and closed, by the cut-off of this world.</summary>
    public DateTimeOffset CompleteFrom(DateOnly day) => DayHours.CompleteFrom(day, Get<CanteenPay.Functions.Payments.PaymentSettings>().SettlementCutOff);

    /// <summary>01:30 of the date after: the night's settling, once, and what it sends for.</summary>
    public async Task SettleNightAsync(DateOnly day)
    {
        Clock.MoveTo(CompleteFrom(day));
        await OnceAsync(() => Get<IEnumerable<INightChore>>().OfType<SettlementNight>().Single().RunAsync(Clock.GetUtcNow(), CancellationToken.None));
        await SettleSentAsync();
    }

    /// <summary>A minute's look of settlement's guardian, and what it sends for.</summary>
    public async Task SettleSweepAsync(TimeSpan? later = null)
    {
        Clock.MoveTo(Clock.GetUtcNow() + (later ?? TimeSpan.FromMinutes(1)));
        await OnceAsync(() => Get<IEnumerable<ISweeper>>().OfType<SettlementSweeper>().Single().SweepAsync(Clock.GetUtcNow(), CancellationToken.None));
        await SettleSentAsync();
    }

    /// <summary>Delivers what is due on the queue <c>settlement</c>.</summary>
    public async Task SettleSentAsync()
    {
        while (ServiceBus.TakeDue(SettlementQueue.Queue) is { } message)
            await SettleAsync(JsonSerializer.Deserialize(message.Body, FunctionsJson.Default.SettlementMessage)!);
    }

    /// <summary>Delivers what is sent to the queue <c>settlement</c> for a while, as it becomes due.</summary>
    public async Task SettlePassAsync(TimeSpan time)
    {
        var until = Clock.GetUtcNow() + time;
        while (ServiceBus.NextDue(SettlementQueue.Queue) is { } due && due <= until)
        {
            Clock.MoveTo(due);
            await SettleSentAsync();
        }

        Clock.MoveTo(until);
    }

    public Task SettleAsync(SettlementMessage message) => DeliverAsync<SettleMerchant>((function, _) => function.RunAsync(message, CancellationToken.None));

    /// <summary>A merchant's date is settled by a message of its own.</summary>
    public Task SettleAsync(MerchantId merchant, DateOnly day, int attempt = 0) =>
        SettleAsync(new SettlementMessage(SettlementTask.Settle, day) { Merchant = merchant, Run = "test", Try = attempt });

    /// <summary>Finance closes a date; asks again when the function app dies meanwhile.</summary>
    public async Task<ClosingAnswer> CloseAsync(DateOnly day)
    {
        for (var attempt = 0; attempt < MaxDeliveries; attempt++)
        {
            HandlerIsDead = false;
            try
            {
                return await Get<ClosingDesk>().CloseAsync(day, Finance, CancellationToken.None);
            }
            catch (Killed killed)
            {
                Failures.Add(killed);
            }
        }

        throw new InvalidOperationException("Nobody ever answered.");
    }

    /// <summary>Closes a date, and lets the closing end.</summary>
    public async Task CloseWholeAsync(DateOnly day)
    {
        (await CloseAsync(day)).Code.ShouldBeNull();
        for (var sweeps = 0; sweeps < 3; sweeps++)
        {
            await SettleSentAsync();
            await SettleSweepAsync(TimeSpan.FromMinutes(6));
        }

        (await Get<ClosedDays>().ReadAsync(CancellationToken.None)).IsFinal(day).ShouldBeTrue();
    }

    public async Task<StatementRow> StatementAsync(MerchantId merchant, DateOnly day) =>
        (await Statements.FindAsync(merchant, day, CancellationToken.None)).ShouldNotBeNull();

    public async Task<DayIndexRow> IndexedAsync(MerchantId merchant, DateOnly day) =>
        (await DayIndex.FindAsync(day, merchant, CancellationToken.None)).ShouldNotBeNull();

    /// <summary>Every row that settlement keeps, as text, without versions and times.</summary>
    public async Task<string> SettlementRowsAsync()
    {
        var text = new StringBuilder();
        foreach (var table in new[] { "Postings", "DayIndex", "Settlements", "Shares" })
        {
            await foreach (var row in Tables.GetTableClient(table).QueryAsync<TableEntity>(""))
            {
                text.Append(CultureInfo.InvariantCulture, $"{table} {row.PartitionKey}/{row.RowKey} ");
                text.AppendJoin('|', row.Where(column => !Times.Contains(column.Key)).OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => $"{column.Key}={column.Value}"));
                text.AppendLine();
            }
        }

        return text.ToString();
    }

    /// <summary>Does something, and in the middle of it, before its n-th I/O, something else; false when it has not so many.</summary>
    public async Task<bool> AtStepAsync(int step, Func<Task> actAsync, Func<Task> meanwhileAsync)
    {
        var (taken, met) = (0, false);
        async Task CountAsync(string operation)
        {
            if (met || ++taken != step)
                return;
            met = true;
            await meanwhileAsync();
        }

        (Tables.BeforeOperation, ServiceBus.BeforeOperation) = (CountAsync, CountAsync);
        await actAsync();
        (Tables.BeforeOperation, ServiceBus.BeforeOperation) = (null, null);
        return met;
    }

    /// <summary>Runs what nobody runs again when the process dies in it.</summary>
    private async Task OnceAsync(Func<Task> act)
    {
        HandlerIsDead = false;
        try
        {
            await act();
        }
        catch (Exception failure)
        {
            Failures.Add(failure);
        }

        HandlerIsDead = false;
    }

    /// <summary>Counts what settlement sends for.</summary>
    internal sealed class RecordingExports : IDayExport, IDelivery
    {
        public List<DateOnly> Exported { get; } = [];

        public Task RunAsync(DateOnly day, CancellationToken cancellationToken)
        {
            Exported.Add(day);
            return Task.CompletedTask;
        }

        public Task RunAsync(DateOnly day, int edition, int attempt, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
