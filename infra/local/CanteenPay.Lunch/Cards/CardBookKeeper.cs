using System.Globalization;
using CanteenPay.Lunch.Diners;
using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Report;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Cards;

/// <summary>Brings the books of cards together: the ledger, what was seen at the machines, and what each machine and the cloud say that each card holds.</summary>
internal sealed class CardBookKeeper(
    CardLedger ledger, SeenTaps seen, CardOffice office, CloudControl cloud, CanteenLayout layout, IReadOnlyList<CardCashier> cashiers, TimeProvider time)
{
    private const string Check = "Night";
    private const string TopUp = "TopUp";

    /// <summary>Taps and balances, without the closed loop: that is checked once, when all is quiet.</summary>
    public async Task<CardBooks> ReadAsync(IReadOnlyList<DateOnly> days, CancellationToken cancellationToken)
    {
        var (lines, shown) = (await ledger.LinesAsync(days, cancellationToken), seen.All);
        var taps = lines.Select(tap => tap.Key).Union(shown.Keys).Order(StringComparer.Ordinal)
            .Select(id => new BookedTap { TapId = id, Shown = shown.GetValueOrDefault(id), Ledger = [.. lines[id]] })
            .ToList();
        return new(taps, [], await BalancesAsync(cancellationToken));
    }

    /// <summary>Has every merchant's closed loop checked.</summary>
    public async Task<IReadOnlyList<BookedMerchant>> CheckAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow();
        await cloud.FireTimerAsync(Check, cancellationToken);
        List<BookedMerchant> merchants = [];
        foreach (var merchant in layout.Merchants)
        {
            var loop = await ledger.CheckAsync(merchant.Id, since, cancellationToken);
            var toppedUp = loop?.Kinds.Where(kind => kind.Kind == TopUp).Sum(kind => kind.Amount) ?? 0;
            merchants.Add(new(merchant.Id, office.ToppedUp(merchant.Id), toppedUp, loop?.Difference, loop is { IsClosed: true }));
        }

        return merchants;
    }

    /// <summary>Each card on each machine of its merchant.</summary>
    private async Task<IReadOnlyList<BookedBalance>> BalancesAsync(CancellationToken cancellationToken)
    {
        var inCloud = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (merchant, card) in layout.Merchants.SelectMany(_ => Enumerable.Range(0, LunchPlan.StaffCards), (merchant, card) => (merchant, card)))
        {
            if (await ledger.BalanceAsync(merchant.Id, merchant.CardNo(card), cancellationToken) is { } balance)
                inCloud[merchant.CardNo(card)] = balance;
        }

        var balances = await Task.WhenAll(layout.Machines.Select((machine, number) => BalancesAsync(machine, cashiers[number], inCloud, cancellationToken)));
        return [.. balances.SelectMany(machine => machine)];
    }

    private async Task<IReadOnlyList<BookedBalance>> BalancesAsync(
        LunchMachine machine, CardCashier cashier, Dictionary<string, long> inCloud, CancellationToken cancellationToken)
    {
        List<BookedBalance> balances = [];
        foreach (var no in Enumerable.Range(0, LunchPlan.StaffCards).Select(layout.MerchantOf(machine).CardNo).Where(inCloud.ContainsKey))
        {
            var shown = await cashier.BalanceAsync(no, cancellationToken);
            // What is overdrawn cannot be spent, and a machine says what can be.
            balances.Add(new(machine.Merchant, no, machine.Id, shown is null ? null : (long)(decimal.Parse(shown, CultureInfo.InvariantCulture) * 100), Math.Max(0, inCloud[no])));
        }

        return balances;
    }
}
