using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal.Taps;

/// <summary>
/// What is being sold by number (编号): the lines, the newest last, and the number that is being keyed. A number that is an item's counts already, so that the
/// total on the screen is always what a card would pay.
/// </summary>
internal sealed record Basket
{
    /// <summary>Most different items.</summary>
    public const int MaxLines = 20;

    /// <summary>Most of one item (<see cref="SoldItem"/>).</summary>
    public const int MaxCount = 99;

    /// <summary>Nothing chosen.</summary>
    public static readonly Basket Empty = new();

    private const int MaxDigits = 3;

    private Basket()
    {
    }

    /// <summary>What was added, the newest last.</summary>
    public IReadOnlyList<BasketLine> Lines { get; private init; } = [];

    /// <summary>The number that is being keyed; empty while none is.</summary>
    public string Number { get; private init; } = "";

    /// <summary>The item of that number; null when there is none.</summary>
    public MenuItem? Pending { get; private init; }

    /// <summary>Neither chosen nor keyed.</summary>
    public bool IsEmpty => Number is "" && Lines.Count == 0;

    /// <summary>What is to be paid, in fen; what cannot be sold is not in it.</summary>
    public Fen Total => Sum(Sold().Lines);

    /// <summary>Why a card, or cloud pay, cannot pay it as it stands; null when it can.</summary>
    public Notice? Problem => (Number, Pending) switch
    {
        ("", _) => null,
        (_, null) => Notice.NoSuchItem,
        _ => Plus(Pending) is null ? Notice.BasketFull : null,
    };

    /// <summary>What is sold, the number that is being keyed included.</summary>
    public IReadOnlyList<SoldItem> Items => [.. Sold().Lines.Select(line => new SoldItem(line.Item.No, line.Count, line.Item.Price))];

    /// <summary>With the number that is being keyed as a line of its own, as far as it can be sold.</summary>
    public Basket Sold() => Pending is { } item && Plus(item) is { } more ? more : this with { Number = "", Pending = null };

    /// <summary>With one more digit of a number; leading zeros give way.</summary>
    public Basket WithDigit(int digit, IReadOnlyList<MenuItem> menu)
    {
        var longer = (Number is "0" ? "" : Number) + (char)('0' + digit);
        return longer.Length > MaxDigits ? this : this with { Number = longer, Pending = Find(menu, longer) };
    }

    /// <summary>加: the item of the number that was keyed, or one more of the last. Unchanged when there is a <see cref="Problem"/>, or when it is full.</summary>
    public Basket Added() => (Number, Pending, Lines) switch
    {
        ("", _, [.., var last]) => Plus(last.Item) ?? this,
        (_, { } item, _) => Plus(item) ?? this,
        _ => this,
    };

    /// <summary>Without the last digit; without one of the last item when none is keyed.</summary>
    public Basket WithoutLast(IReadOnlyList<MenuItem> menu) => (Number, Lines) switch
    {
        ({ Length: > 1 }, _) => this with { Number = Number[..^1], Pending = Find(menu, Number[..^1]) },
        ({ Length: 1 }, []) or ("", [] or [{ Count: 1 }]) => Empty,
        ({ Length: 1 }, _) => this with { Number = "", Pending = null },
        (_, [.., { Count: > 1 } last]) => this with { Lines = [.. Lines.SkipLast(1), last with { Count = last.Count - 1 }] },
        _ => this with { Lines = [.. Lines.SkipLast(1)] },
    };

    private static MenuItem? Find(IReadOnlyList<MenuItem> menu, string number) =>
        menu.FirstOrDefault(item => item.No.ToString(CultureInfo.InvariantCulture) == number);

    private static Fen Sum(IEnumerable<BasketLine> lines) => lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Total);

    /// <summary>With one more of an item, which then is the last line; null when that is too much.</summary>
    private Basket? Plus(MenuItem item)
    {
        var known = Lines.FirstOrDefault(line => line.Item.No == item.No) ?? new BasketLine(item, 0);
        List<BasketLine> lines = [.. Lines.Where(line => line.Item.No != item.No), known with { Count = known.Count + 1 }];
        return lines.Count > MaxLines || known.Count >= MaxCount || Sum(lines) > Fen.MaxKeyed ? null : new() { Lines = lines };
    }
}

/// <summary>So many of an item, at the price that it had when it was added.</summary>
internal sealed record BasketLine(MenuItem Item, int Count)
{
    /// <summary>In fen.</summary>
    public Fen Total => new(Item.Price.Value * Count);
}
