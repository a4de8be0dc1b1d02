using CanteenPay.Lunch.Cards;
using CanteenPay.Lunch.Chaos;
using CanteenPay.Lunch.Diners;
using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Report;
using CanteenPay.Lunch.Stack;
using CanteenPay.Protocol;

namespace CanteenPay.Lunch;

/// <summary>One lunch on a running stack: doors open, diners come, doors close, and everything is brought to its end.</summary>
internal sealed class LunchDay
{
    private static readonly TimeSpan OnlineLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProgressEach = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountFaultsEach = TimeSpan.FromSeconds(5);

    private readonly LunchOptions _options;
    private readonly TimeProvider _time;
    private readonly ProgressLine _progress;
    private readonly CanteenLayout _layout;
    private readonly Endpoints _endpoints;
    private readonly HttpClient _http;
    private readonly SeenOrders _seen = new();
    private readonly SeenTaps _taps = new();
    private readonly BankControl _bank;
    private readonly CloudControl _cloud;
    private readonly RefundDesk _refunds;
    private readonly CardOffice _office;
    private readonly ChaosControl _chaos;
    private readonly DateOnly _day;
    private long _faults;

    public LunchDay(LunchOptions options, CanteenLayout layout, Endpoints endpoints, HttpClient http, TimeProvider time, ProgressLine progress)
    {
        (_options, _layout, _endpoints, _http, _time, _progress) = (options, layout, endpoints, http, time, progress);
        _bank = new(http, endpoints.Bank, time);
        _cloud = new(http, endpoints.Status, time);
        _refunds = new(http, endpoints.Functions, time);
        _office = new(http, endpoints.Functions, layout, options.Seed, time);
        _chaos = new(http, endpoints, _cloud, layout, options.Seed, time);
        _day = BusinessDay.Of(time.GetUtcNow());
    }

    /// <summary>Holds the lunch.</summary>
    /// <exception cref="LunchException">It cannot be held.</exception>
    public async Task<LunchSummary> HoldAsync(CancellationToken cancellationToken)
    {
        var plan = LunchPlan.Draw(new(_options.Length, _options.Rate * _layout.Machines.Length), _layout.Machines.Length, _options.EveryonePays, _options.Seed);
        var phone = new DinerPhone(_http, _bank);
        var pages = _layout.Machines
            .Select(machine => new MachinePage(_http, _endpoints.Programs[machine.Program], _time, view => Look(machine, view)))
            .ToList();
        try
        {
            foreach (var page in pages)
            {
                _ = await page.SeeAsync(view => view.Online && view.CardsAreWell, OnlineLimit, cancellationToken)
                    ?? throw new LunchException($"A machine is not online, or takes no cards, after {OnlineLimit.TotalSeconds} s.");
            }

            var keypads = pages.Select(page => new Keypad(page, _time)).ToList();
            var cashiers = pages.Select((page, number) => new CardCashier(page, keypads[number], _layout.MerchantOf(_layout.Machines[number]), _time)).ToList();
            var counters = pages
                .Select((page, number) => new Counter(
                    new Cashier(page, keypads[number], cashiers[number], _seen, phone, _time), phone, _refunds, _time, plan.Diners.Length))
                .ToList();
            await _cloud.ResetCountersAsync(cancellationToken);
            if (_options.Chaos)
                await _chaos.OnAsync(cancellationToken);
            await ServeAsync(plan, counters, cancellationToken);
            return await EndAsync([.. counters.SelectMany(counter => counter.Visits)], cashiers, cancellationToken);
        }
        finally
        {
            foreach (var page in pages)
                await page.DisposeAsync();
        }
    }

    private void Look(LunchMachine machine, ScreenView view)
    {
        _seen.Look(view, _time.GetUtcNow());
        _taps.Look(machine, view);
    }

    private async Task ServeAsync(LunchPlan plan, IReadOnlyList<Counter> counters, CancellationToken cancellationToken)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = Task.WhenAll(ShowProgressAsync(plan, counters, watching.Token), _office.RunAsync(watching.Token), _options.Chaos ? CountFaultsAsync(watching.Token) : Task.CompletedTask);
        await Task.WhenAll(
            [
                ArriveAsync(plan, counters, cancellationToken),
                _options.Chaos ? _chaos.RunAsync(plan.Length, cancellationToken) : Task.CompletedTask,
                .. counters.Select(counter => counter.RunAsync(cancellationToken)),
            ]);
        await watching.CancelAsync();
        try
        {
            await watch;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing is left to watch.
        }
    }

    private async Task ArriveAsync(LunchPlan plan, IReadOnlyList<Counter> counters, CancellationToken cancellationToken)
    {
        var opened = _time.GetTimestamp();
        foreach (var diner in plan.Diners)
        {
            if (diner.ArrivesAt - _time.GetElapsedTime(opened) is { Ticks: > 0 } wait)
                await Task.Delay(wait, _time, cancellationToken);
            counters[diner.Machine].Join(diner);
        }

        foreach (var counter in counters)
            counter.Close();
    }

    private async Task CountFaultsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(CountFaultsEach, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            Interlocked.Exchange(ref _faults, (await _chaos.CountAsync(cancellationToken)).Values.Sum());
    }

    private async Task ShowProgressAsync(LunchPlan plan, IReadOnlyList<Counter> counters, CancellationToken cancellationToken)
    {
        var opened = _time.GetTimestamp();
        using var timer = new PeriodicTimer(ProgressEach, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var (orders, paid) = _seen.Count();
            var faults = _options.Chaos ? $" · 故障 faults {Interlocked.Read(ref _faults)}" : "";
            var passed = _time.GetElapsedTime(opened);
            _progress.Show("午餐 lunch", passed, plan.Length, $"订单 orders {orders} · 已付 paid {paid} · 刷卡 taps {_taps.All.Count} · 排队 waiting {counters.Sum(counter => counter.Waiting)}{faults}");
        }
    }

    private async Task<LunchSummary> EndAsync(IReadOnlyList<Visit> visits, IReadOnlyList<CardCashier> cashiers, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var books = new BookKeeper(new(_http, _endpoints.Functions, _layout, _time), _bank, _seen, _refunds);
        var cardBooks = new CardBookKeeper(new(_http, _endpoints.Functions, _layout, _time), _taps, _office, _cloud, _layout, cashiers, _time);
        var (orders, cards) = await new EndWait(books, cardBooks, _time, _progress).WaitAsync(Days, cancellationToken);
        cards = cards with { Merchants = await cardBooks.CheckAsync(cancellationToken) };
        var status = await _cloud.ReadAsync(cancellationToken);
        return new()
        {
            Options = _options,
            EndTook = _time.GetElapsedTime(began),
            Visits = visits,
            Orders = orders,
            Refunds = _refunds.Asked,
            Cards = cards,
            Discrepancies = [.. Reconciliation.Of(orders), .. CardReconciliation.Of(cards)],
            Parked = await new ParkedItems(_http, _endpoints.Functions).CountAsync(Days(), cancellationToken),
            Latencies = Latency.Of(_seen.All, orders),
            Operations = status.Operations,
            Faults = _options.Chaos ? await _chaos.CountAsync(cancellationToken) : new Dictionary<string, long>(),
        };
    }

    /// <summary>A lunch may begin before midnight in Shanghai and end after it.</summary>
    private IReadOnlyList<DateOnly> Days() => [.. new[] { _day, BusinessDay.Of(_time.GetUtcNow()) }.Distinct()];
}
