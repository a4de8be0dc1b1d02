using CanteenPay.Azure.InMemory;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Functions.Tests.Payments.Rules;
using CanteenPay.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.Functions.Tests.Settlement.Postings;

/// <summary>
/// Posting races with closing, in thousands of orders of their steps, with kills: each event counts once, in the final revision of a closed day or on one open day.
/// </summary>
public sealed class ClosingRaceTests
{
    private const int MostLate = 60;
    private const int Stories = 1_000;

    private static readonly DateOnly Day = Sample.Paid.SettlementDate!.Value;

    private static readonly PaymentSettings Settings = new(new("https://pay.example.com"), "127.0.0.1", TimeSpan.Zero);

    [Fact]
    public void Whatever_the_order_of_steps_each_event_counts_exactly_once()
    {
        var (held, adjusted, moved) = (0, 0, 0);
        for (var seed = 1; seed <= Stories; seed++)
        {
            var story = new Story(seed);
            story.Tell();
            var counts = story.Counted();
            foreach (var (key, days) in counts)
                days.Count.ShouldBe(1, $"seed {seed}: {key} counts on [{string.Join(", ", days)}]");
            counts.Count.ShouldBe(3, $"seed {seed}");
            held += counts.Values.Count(days => days[0] == Day);
            adjusted += counts.Values.Count(days => days[0] > Day);
            moved += story.Moved;
        }

        // Each way that it can go was gone often.
        Math.Min(Math.Min(held, adjusted) / 10, moved).ShouldBeGreaterThan(Stories / 50, $"{held} held, {adjusted} adjusted, {moved} moved on");
    }

    /// <summary>Three payments of one day that are found late, told by four processes, while finance closes this day and the two after it.</summary>
    private sealed class Story
    {
        private readonly int _seed;
        private readonly FakeClock _clock = new(new(Day.AddDays(5), new(12, 0), BusinessDay.Offset));
        private readonly InMemoryTableService _tables = new();
        private readonly Dictionary<(DateOnly, MerchantId), List<Posting>> _lastRead = [];
        private readonly OrderId[] _orders = [Sample.Id, OrderId.Parse("261122DEVMERCHDEVMACH10123456788"), OrderId.Parse("261122DEVMERCHDEVMACH10123456787")];

        /// <summary>How many adjustments had to move on, because the day that was chosen first was closed without them too.</summary>
        public int Moved { get; private set; }

        public Story(int seed)
        {
            _seed = seed;
            foreach (var table in World.TableNames)
                Now(_tables.GetTableClient(table).CreateIfNotExistsAsync());
            foreach (var order in _orders)
                Now(_tables.GetTableClient(OrderStore.Table).AddEntityAsync(new OrderRow(Sample.Paid with { Id = order }, default)));
            // In half of the stories the merchant had business that day before.
            if (seed % 2 == 0)
                Now(new DayIndex(_tables).NoteAsync(Day, Sample.Id.Merchant, CancellationToken.None));
        }

        public void Tell()
        {
            var chance = new Random(_seed);
            var posters = _orders.Append(_orders[_seed % 3]).Select(order =>
            {
                var lateness = chance.Next(MostLate);
                return (Func<Task>)(() => PostAsync(order, lateness));
            });
            new Interleaving(_seed, _tables, kills: _seed % 3 == 0 ? 0.02 : 0).Run([.. posters, CloseAllAsync], e => e is DayIsClosingException);
            (_tables.BeforeOperation, _tables.AfterOperation) = (null, null);
        }

        /// <summary>On which days each event counts: open ones by its posting alone, closed ones by what they hold for good.</summary>
        public Dictionary<string, List<DateOnly>> Counted()
        {
            var (closed, markers) = Desks();
            var state = Now(closed.ReadAsync(CancellationToken.None));
            var rows = Now(_tables.GetTableClient(PostingStore.Table).QueryAsync<PostingRow>("").ToListAsync().AsTask());
            Moved = rows.Where(row => PostingKeys.IsAdjustment(row.Posting.Key)).GroupBy(row => row.Posting.Key).Count(days => days.Count() > 1);
            var counted = new Dictionary<string, List<DateOnly>>();
            foreach (var row in rows)
            {
                var days = counted.TryGetValue(row.Posting.Order.Value, out var known) ? known : counted[row.Posting.Order.Value] = [];
                if (!state.Holds(row.Day))
                {
                    Now(new DayIndex(_tables).FindAsync(row.Day, row.Merchant, CancellationToken.None)).ShouldNotBeNull();
                    days.Add(row.Day);
                    continue;
                }

                var marker = Now(markers.FindAsync(row.Day, row.Merchant, CancellationToken.None));
                var holds = marker?.Holds(row.Posting) ?? false;
                if (marker?.Revision > 0)
                    _lastRead[(row.Day, row.Merchant)].Contains(row.Posting).ShouldBe(holds, $"seed {_seed}: the last revision of {row.Day} is what its marker says");
                else
                    holds.ShouldBeFalse($"seed {_seed}: {row.Day} has no revision that could hold {row.Posting.Key}");
                if (holds)
                    days.Add(row.Day);
            }

            return counted;
        }

        /// <summary>A handler of a process of its own, which comes some steps late: reads the order as it is now, and posts its payment.</summary>
        private async Task PostAsync(OrderId id, int lateness)
        {
            var (closed, markers) = Desks();
            for (var step = 0; step < lateness; step++)
                await closed.ReadAsync(CancellationToken.None);
            var order = await _tables.GetTableClient(OrderStore.Table).GetEntityAsync<OrderRow>(OrderRow.Partition(id), id.Value);
            await new PostingDesk(
                new(_tables), new(_tables), closed, markers, new(_tables), new(_tables), _clock, NullLogger<PostingDesk>.Instance).PostAsync(order.Order, CancellationToken.None);
        }

        /// <summary>Finance closes three days, one after the other, each when nobody is due; the last revisions are made, and the days are final.</summary>
        private async Task CloseAllAsync()
        {
            var (closed, _) = Desks();
            for (var day = Day; day < Day.AddDays(3); day = day.AddDays(1))
            {
                while (!(await closed.ReadAsync(CancellationToken.None)).Holds(day))
                    await TryCloseAsync(closed, day);
                do
                {
                    foreach (var row in await closed.ListUndecidedAsync(CancellationToken.None).ToListAsync())
                        await SettleForTheLastTimeAsync(row);
                }
                while (!await closed.TryFinishAsync(CancellationToken.None));
            }
        }

        private async Task TryCloseAsync(ClosedDays closed, DateOnly day)
        {
            var read = await closed.ReadAsync(CancellationToken.None);
            var index = new DayIndex(_tables);
            foreach (var row in await index.ListAsync(day, CancellationToken.None).Where(row => row.IsDue).ToListAsync())
            {
                await ReadAsync(row);
                await index.TryUpdateAsync(row, row with { IsDue = false, Revision = row.Revision + 1 }, CancellationToken.None);
            }

            if (!await index.ListAsync(day, CancellationToken.None).AnyAsync(row => row.IsDue))
                await closed.TryCloseAsync(read, day, World.Finance, CancellationToken.None);
        }

        private async Task SettleForTheLastTimeAsync(DayIndexRow row)
        {
            var postings = _lastRead[(row.Day, row.Merchant)] = await ReadAsync(row);
            var belated = postings.Where(posting => posting.IsBelated).Select(posting => posting.Key).ToList();
            await new StatementStore(_tables).TryCloseAsync(new(row.Day, row.Merchant, row.Revision + 1, belated), latest: null, CancellationToken.None);
        }

        private async Task<List<Posting>> ReadAsync(DayIndexRow row) =>
            await new PostingStore(_tables).ReadAsync(row.Merchant, row.Day, CancellationToken.None).ToListAsync();

        private (ClosedDays Closed, FinalMarkers Markers) Desks()
        {
            var markers = new FinalMarkers(_tables);
            return (new(_tables, new(_tables), markers, Settings, _clock), markers);
        }

        private static void Now(Task done) => done.GetAwaiter().GetResult();

        private static T Now<T>(Task<T> done) => done.GetAwaiter().GetResult();
    }
}
