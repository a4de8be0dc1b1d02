using System.Globalization;
using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Report;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Cards;

/// <summary>What the machines' pages showed of taps: the lunch's own book, kept by looking only.</summary>
internal sealed class SeenTaps
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ShownTap> _taps = new(StringComparer.Ordinal);

    /// <summary>Every tap seen so far, by id.</summary>
    public IReadOnlyDictionary<string, ShownTap> All
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, ShownTap>(_taps, StringComparer.Ordinal);
        }
    }

    /// <summary>A page was told to show something.</summary>
    public void Look(LunchMachine machine, ScreenView view)
    {
        lock (_gate)
        {
            if (view.Tap is { TapId: { } id, Repeated: false } tap)
                _taps[id] = new(machine.Merchant, machine.Id, Change(tap));
            // A machine that died between storing and showing shows it as the previous one, without an amount for programs.
            if (view.Previous is { TapId: { } previous })
                _taps.TryAdd(previous, new(machine.Merchant, machine.Id, Change: null));
        }
    }

    private static long Change(TapLine tap)
    {
        var amount = (long)(decimal.Parse(tap.Amount ?? "0", CultureInfo.InvariantCulture) * 100);
        return tap.Kind switch
        {
            "debit" => -amount,
            "reversal" => amount,
            _ => 0,
        };
    }
}
