namespace CanteenPay.Lunch.Machines;

/// <summary>What the machines' pages showed and said of each order: the lunch's own book, kept by looking only.</summary>
internal sealed class SeenOrders
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SeenOrder> _orders = new(StringComparer.Ordinal);

    /// <summary>Every order seen so far.</summary>
    public IReadOnlyDictionary<string, SeenOrder> All
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, SeenOrder>(_orders, StringComparer.Ordinal);
        }
    }

    /// <summary>Orders, and how many of them were shown as paid.</summary>
    public (int Orders, int Paid) Count()
    {
        lock (_gate)
            return (_orders.Count, _orders.Values.Count(order => order.PaidShownAt is not null));
    }

    /// <summary>A cashier pressed cloud pay, and this order came of it.</summary>
    public void Pressed(string orderId, DateTimeOffset at) => Change(orderId, order => order with { PressedAt = order.PressedAt ?? at });

    /// <summary>A page was told to show something.</summary>
    public void Look(ScreenView view, DateTimeOffset at)
    {
        if (view.OrderId is { } middle)
        {
            Change(middle, order => view.State switch
            {
                "qr" => order with { QrShownAt = order.QrShownAt ?? at },
                "paid" => order with { PaidShownAt = order.PaidShownAt ?? at },
                _ => order,
            });
        }

        // A refunded order's line is not green, and a green one is paid.
        if (view.Previous is { Tone: "good", OrderId: { } previous })
            Change(previous, order => order with { PaidShownAt = order.PaidShownAt ?? at });
        if (view.Utterance is { OrderId: { } about } said)
            Change(about, order => order.With(new(said.Id, said.Words, at)));
    }

    private void Change(string orderId, Func<SeenOrder, SeenOrder> change)
    {
        lock (_gate)
            _orders[orderId] = change(_orders.TryGetValue(orderId, out var known) ? known : new());
    }
}

/// <summary>What was seen of one order, each with the moment it was seen first.</summary>
internal sealed record SeenOrder
{
    /// <summary>Cloud pay was pressed; null for an order that the machine made itself as a successor.</summary>
    public DateTimeOffset? PressedAt { get; init; }

    public DateTimeOffset? QrShownAt { get; init; }

    /// <summary>Green in the middle of the screen, or in the line of the previous payment.</summary>
    public DateTimeOffset? PaidShownAt { get; init; }

    /// <summary>Each thing said once, in the order of saying.</summary>
    public IReadOnlyList<SeenWords> Said { get; init; } = [];

    /// <summary>An utterance is shown in many views and is one all the same.</summary>
    public SeenOrder With(SeenWords words) => Said.Any(said => said.Id == words.Id) ? this : this with { Said = [.. Said, words] };
}

/// <summary>Words, under the id that a page plays once.</summary>
internal sealed record SeenWords(string Id, string Words, DateTimeOffset At);
