using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>记录: the list of payments, and the one that is chosen in it.</summary>
/// <param name="limits">How long it stays.</param>
internal sealed class TillList(TillLimits limits)
{
    /// <summary>Shows the list of orders; pressed again, where cards are taken, the one of taps; then puts it away.</summary>
    public TillStep OnKey(TillState state, DateTimeOffset at)
    {
        if (state.OpenOnScreen is not null || state.Face is WaitingForTime)
            return new(state);
        if (state is { ListUntil: not null, ListsTaps: false, Cards: not null })
            return new(state with { ListsTaps = true, ListUntil = at + limits.ListStays, Chosen = null, Notice = null });
        var free = Till.Leave(state) with { Chosen = null };
        free = free.Face is ManagerFace or RefundShown ? free with { Face = Keying.Empty } : free;
        return new(free with { ListUntil = state.ListUntil is null ? at + limits.ListStays : null, ListsTaps = false });
    }

    /// <summary>The choice moves, and stops at both ends.</summary>
    public TillStep OnMove(TillState state, MovePressed move)
    {
        if (state.ListUntil is null || state.ListsTaps || move.List.Count == 0)
            return new(state);
        var before = IndexOf(move.List, state.Chosen);
        var index = before is { } known ? Math.Clamp(known + move.By, 0, move.List.Count - 1) : 0;
        return Choose(state, move.List[index].Id, move.At);
    }

    /// <summary>The row that was touched is chosen.</summary>
    public TillStep OnTouch(TillState state, RowTouched row) => state.ListUntil is null || state.ListsTaps ? new(state) : Choose(state, row.OrderId, row.At);

    /// <summary>Where an order stands in the list; null when it is not there.</summary>
    public static int? IndexOf(IReadOnlyList<Order> list, OrderId? order)
    {
        for (var index = 0; order is not null && index < list.Count; index++)
        {
            if (list[index].Id == order)
                return index;
        }

        return null;
    }

    private TillStep Choose(TillState state, OrderId order, DateTimeOffset at) =>
        new(state with { Chosen = order, ListUntil = at + limits.ListStays, Notice = null });
}
